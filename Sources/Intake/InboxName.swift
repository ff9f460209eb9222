import Digests
package import DurableFiles

/// Which names in an inbox may be documents, and what a document is called in `done/` and `failed/`.
///
/// Names are bytes here: to `String` two names can be equal that are two files.
package enum InboxName {
    package static let why = ".why.txt"
    package static let findings = ".findings.txt"

    /// The endings of files that their senders are not done with, of locks, and of our own notes.
    private static let endings = [".tmp", ".part", ".filepart", ".lock", ".lck", why, findings]

    /// Whether a file of this name is left alone: hidden, being written, a lock, a note.
    static func isLeftAlone(_ name: String) -> Bool {
        let bytes = name.utf8
        if bytes.first == UInt8(ascii: ".") || bytes.starts(with: "~$".utf8) { return true }
        return endings.contains { hasEnding($0, name) }
    }

    /// Whether a name ends so, whatever the case of its ASCII letters, and is more than the ending.
    static func hasEnding(_ ending: String, _ name: String) -> Bool {
        let bytes = name.utf8
        guard bytes.count > ending.utf8.count else { return false }
        return bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8) { lower($0) == lower($1) }
    }

    /// The name without its last bytes, which must be characters of their own, as an ending in ASCII is.
    static func without(_ ending: String, _ name: String) -> String {
        String(Substring(name.utf8.dropLast(ending.utf8.count)))
    }

    static func lower(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }

    /// Stands for a name in tables: 64 bits, seeded anew in every process.
    static func hash(_ name: String) -> UInt64 {
        var hasher = Hasher()
        for byte in name.utf8 { hasher.combine(byte) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The longest name of Linux file systems, in bytes.
    private static let longest = 255
    /// Room for `.100000` and the longest ending of a note.
    private static let room = 7 + findings.utf8.count

    /// A name that notes and numbers can be put after: of a longer one its beginning, eight digits of its SHA-256 and its
    /// ending.
    package static func fitting(_ name: String) -> String {
        let bytes = FileName.bytes(name)
        guard bytes.count > longest - room else { return name }
        var ending: [UInt8] = []
        if let dot = bytes.lastIndex(of: UInt8(ascii: ".")), bytes.count - dot <= 10 { ending = Array(bytes[dot...]) }
        let tail = Array("~\(Digest.sha256(bytes).prefix(8))".utf8) + ending
        var end = longest - room - tail.count
        // Not in the middle of a character.
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return FileName.text(bytes[..<end] + tail)
    }

    /// A name that is free in a folder: the name itself, or with a number.
    ///
    /// Asks for about twice the logarithm of how many there are.
    package static func free(_ name: String, in folder: String, _ files: any FileSystem) throws(FileError) -> String {
        let base = fitting(name)
        if try files.status(Files.join(folder, base)) == nil { return base }
        var low = 1
        var high = 2
        while try files.status(Files.join(folder, "\(base).\(high)")) != nil { (low, high) = (high, high * 2) }
        while high - low > 1 {
            let middle = (low + high) / 2
            if try files.status(Files.join(folder, "\(base).\(middle)")) == nil { high = middle } else { low = middle }
        }
        return "\(base).\(high)"
    }
}
