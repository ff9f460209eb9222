package import Custody
package import DurableFiles
import Glibc

/// Hands messages to a MESH client through its folder `OUT`: the document as `KEY.dat`, and a `KEY.ctl` that says where it
/// goes, which is written last because the client takes a message when it sees that.
///
/// Both have the delivery's key as their name, and it is the message's `LocalId`: a repeat after a crash writes the same
/// pair, and MESH's reports name it. Two flushes of the folder a batch: after all `.dat`, and after all `.ctl`. Delivered
/// means that the client has it to send; what became of it on the way comes as a report.
package struct MeshFolderDestination: Destination {
    /// How messages are addressed.
    package struct Address: Sendable, Hashable {
        /// The mailboxes. A route to many practices needs one route for each.
        package var from: String
        package var to: String
        package var workflow: String
        /// Shown to people on the way: the same for every message, with nothing of a person.
        package var subject: String

        package init(from: String, to: String, workflow: String, subject: String = "Referral") {
            self.from = from
            self.to = to
            self.workflow = workflow
            self.subject = subject
        }
    }

    package let folder: String
    package let batch: Int
    package var concurrency: Int { batch }
    private let address: Address
    private let files: any FileSystem

    package init(_ folder: String, _ address: Address, files: any FileSystem, batch: Int = 64) {
        self.folder = folder
        self.address = address
        self.files = files
        self.batch = batch
    }

    /// Makes the folder, and removes what a run that was cut off left unfinished. Only under a lock.
    package func prepare() throws(FileError) {
        try files.makeFolder(folder)
        for name in try files.list(folder, limit: .max) where Self.isUnfinished(name) {
            try files.remove(Files.join(folder, name))
        }
    }

    package func send(_ deliveries: [DueDelivery], completion: @escaping @Sendable ([Handover]) -> Void) {
        var results = deliveries.map { Self.refusal($0) }
        place(deliveries, &results) { delivery throws(FileError) in
            // A repeat of a pair that is whole: the client may be reading it.
            if try files.status(path(delivery, ".ctl")) != nil { return }
            try write(delivery.body, to: path(delivery, ".dat"))
        }
        place(deliveries, &results) { delivery throws(FileError) in
            if try files.status(path(delivery, ".ctl")) != nil { return }
            try write(control(for: delivery), to: path(delivery, ".ctl"))
        }
        completion(zip(deliveries, results).map { $1 ?? .delivered(receipt: $0.key) })
    }

    // MARK: One half of all pairs

    /// Writes one half of every pair that nothing stands against yet, and flushes the folder.
    private func place(
        _ deliveries: [DueDelivery], _ results: inout [Handover?], _ write: (DueDelivery) throws(FileError) -> Void
    ) {
        for (index, delivery) in deliveries.enumerated() where results[index] == nil {
            do throws(FileError) { try write(delivery) } catch { results[index] = Self.handover(error) }
        }
        guard results.contains(where: { $0 == nil }) else { return }
        do throws(FileError) { try files.flush(folder: folder) } catch {
            for (index, delivery) in deliveries.enumerated() where results[index] == nil {
                withdraw(delivery)
                results[index] = Self.handover(error)
            }
        }
    }

    /// Takes names away whose flush failed, so that the next try makes them anew.
    private func withdraw(_ delivery: DueDelivery) {
        for ending in [".ctl", ".dat"] { try? files.remove(path(delivery, ending)) }
    }

    /// Writes a file under another name, flushes it, and gives it its own.
    private func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let unfinished = path + Self.unfinished
        try files.remove(unfinished)
        try files.create(unfinished, bytes, isFlushed: true)
        if try files.move(unfinished, to: path) { return }
        // Of a try that was cut off before the pair was whole; nobody reads half a pair.
        try files.remove(path)
        guard try files.move(unfinished, to: path) else { throw FileError("move", path, code: EEXIST) }
    }

    // MARK: Names and words

    private static let unfinished = ".tmp"

    private static func isUnfinished(_ name: String) -> Bool {
        [".dat", ".ctl"].contains { name.utf8.suffix(8).elementsEqual(($0 + unfinished).utf8) }
    }

    private func path(_ delivery: DueDelivery, _ ending: String) -> String { Files.join(folder, delivery.key + ending) }

    /// Refuses a key that could not be a file's name.
    private static func refusal(_ delivery: DueDelivery) -> Handover? {
        let key = delivery.key.utf8
        let isPlain = key.allSatisfy { byte in
            0x30...0x39 ~= byte || 0x61...0x7A ~= byte || 0x41...0x5A ~= byte || byte == 0x2D
        }
        if isPlain, !key.isEmpty, key.count <= 100 { return nil }
        return .messageRefused(cause: "key-unusable", answer: [])
    }

    private static func handover(_ error: FileError) -> Handover {
        switch error.code {
        case ENOSPC, EDQUOT: .again(cause: "disk-full", retryAfter: nil, answer: [])
        case ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, EXDEV, ENAMETOOLONG:
            .destinationWrong(cause: "folder-unusable", answer: [])
        default: .again(cause: "disk-error", retryAfter: nil, answer: [])
        }
    }

    /// The control file: `DTSControl` of the MESH client interface specification.
    private func control(for delivery: DueDelivery) -> [UInt8] {
        let fields: [(name: String, text: String)] = [
            ("Version", "1.0"), ("AddressType", "DTS"), ("MessageType", "Data"), ("From_DTS", address.from),
            ("To_DTS", address.to), ("Subject", address.subject), ("LocalId", delivery.key), ("Compress", "N"),
            ("Encrypted", "N"), ("WorkflowId", address.workflow),
        ]
        var text = "<DTSControl>\n"
        for field in fields { text += "<\(field.name)>\(Self.escaped(field.text))</\(field.name)>\n" }
        return Array((text + "</DTSControl>\n").utf8)
    }

    /// Text as XML has it; characters that XML cannot have are left out.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\t", "\n", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                result.unicodeScalars.append(scalar)
            default: break
            }
        }
        return result
    }
}
