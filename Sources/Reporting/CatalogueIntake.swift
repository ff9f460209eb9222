extension FindingCatalogue {
    /// Findings about files that wait in folders.
    static let intake: [Entry] = [
        Entry(
            "file-empty", .warning, "a file in the inbox has been empty for a while",
            why: "its sender has made it and has written nothing into it",
            help: "ask the sender; an empty file is left alone, and one that is filled later is taken"),
        Entry(
            "file-without-marker", .warning, "a file in the inbox waits for its marker",
            why: "this inbox takes a file only when the sender has put a marker file beside it",
            help: "ask the sender; or, if the file is whole, put an empty marker file beside it"),
        Entry(
            "file-with-two-names", .warning, "a file in the inbox has a second name elsewhere",
            why: "whoever writes to it under the other name changes this one too, so it is not taken",
            help: "take one of the two names away"),
        Entry(
            "folder-not-flushed", .warning, "what was moved may have its old name after a power cut",
            why: "the disk could not flush a folder",
            help: "look after the disk; nothing was lost, since the documents are in the store"),
        Entry(
            "mesh-pair-incomplete", .warning, "one half of a MESH message has been waiting for the other",
            why: "a message is a `.dat` and a `.ctl` of one name, and one of the two did not come",
            help: "look into the MESH client's log, and ask the sender to send the message again"),
        Entry(
            "mesh-control-unreadable", .warning, "the control file of a MESH message cannot be read",
            why: "it is no whole `DTSControl` in XML",
            help: "look into the MESH client's log, and ask the sender to send the message again"),
        Entry(
            "mesh-encrypted", .quarantine, "a MESH message is encrypted",
            why: "its control file says so, and there is no key for it here",
            help: "ask the sender to send it without encryption: MESH protects it on its way"),
        Entry(
            "mesh-packed-badly", .quarantine, "a MESH message cannot be unpacked",
            why: "its gzip is damaged or cut off",
            help: "ask the sender to send it again"),
        Entry(
            "mesh-packed-too-tightly", .quarantine, "a MESH message swells too much when it is unpacked",
            why: "it would be larger than a document may be, or a hundred times its packed size",
            help: "ask the sender for the message in parts, or without compression"),
    ]
}
