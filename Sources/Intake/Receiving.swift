package import Custody
package import Reporting

/// A document that a source has in hand, whole and of one moment.
package struct Arrival: Sendable {
    /// The name of the source, as configured.
    package var source: String
    /// The name a person knows it by, where there is one: a file name. It may hold identifiers: never logged.
    package var name: String
    package var bytes: [UInt8]
    /// The mapping to use; `nil` to recognise it by content.
    package var mapping: String?
    package var contentType: String?
    /// What the transport calls it: a MESH message id, an `X-Request-ID`.
    package var transportID: String?
    /// The correlation the sender wants back.
    package var correlation: String?
    /// Whether a process ended twice over this document: then it is taken into custody unread.
    package var isSuspect = false
    /// What the source found wrong with it: encrypted, not to be unpacked. Then it is taken into custody unread, and held
    /// with this finding.
    package var problem: Finding?

    package init(source: String, name: String, bytes: [UInt8]) {
        self.source = source
        self.name = name
        self.bytes = bytes
    }
}

/// What became of an arrival, after it is on the disk.
package struct Disposition: Sendable {
    package var receipt: Receipt
    package var findings: [Finding]
    /// What a person beside the folder should read, in plain words and without personal data; `nil` when there is nothing
    /// to say.
    package var note: String?

    package init(receipt: Receipt, findings: [Finding], note: String?) {
        self.receipt = receipt
        self.findings = findings
        self.note = note
    }

    /// Whether the document goes to `done/`, not to `failed/`.
    package var isDone: Bool {
        switch receipt.state {
        case .waiting, .delivered, .withheld, .noted, .dead, .dropped: true
        case .held, .refused: false
        }
    }
}

/// Takes documents into custody: reads, maps, checks, routes and commits them.
package protocol Receiver: Sendable {
    /// Takes arrivals in order; on return every one of them is on the disk.
    ///
    /// - Throws: When the store failed: then none was taken, and all stay with the source.
    func take(_ arrivals: [Arrival]) throws(CustodyError) -> [Disposition]

    /// Reads and decides about arrivals now, and has them committed when told to: the disk works on one batch while the
    /// next is read.
    func begin(_ arrivals: [Arrival]) -> any Taking

    /// Notes that a document is about to be read that an earlier process left behind, or takes the note away.
    /// - Returns: How often it was noted before.
    func suspect(_ content: Key) throws(CustodyError) -> Int
    func clear(_ content: Key) throws(CustodyError)
}

/// Arrivals that were decided about, on their way to the disk.
package protocol Taking: AnyObject {
    /// Has them committed. Batches are committed in the order of this call.
    func submit()
    /// Waits until they are on the disk; only after ``submit()``.
    /// - Throws: When the store failed: then none was taken.
    func wait() throws(CustodyError) -> [Disposition]
}

extension Receiver {
    /// One after the other.
    package func begin(_ arrivals: [Arrival]) -> any Taking { PlainTaking(self, arrivals) }
}

private final class PlainTaking: Taking {
    private let receiver: any Receiver
    private let arrivals: [Arrival]

    init(_ receiver: any Receiver, _ arrivals: [Arrival]) {
        self.receiver = receiver
        self.arrivals = arrivals
    }

    func submit() {}
    func wait() throws(CustodyError) -> [Disposition] { try receiver.take(arrivals) }
}
