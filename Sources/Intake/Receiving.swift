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

    /// Notes that a document is about to be read that an earlier process left behind, or takes the note away.
    /// - Returns: How often it was noted before.
    func suspect(_ content: Key) throws(CustodyError) -> Int
    func clear(_ content: Key) throws(CustodyError)
}
