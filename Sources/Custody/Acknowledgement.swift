/// What a receiver, or the transport, says of something we sent: that it arrived, or why it did not.
///
/// Many wire forms, one value (an ITK3 response, an HL7 acknowledgement, a report of MESH). It holds codes of closed lists
/// and our own key, never text of the answer.
package struct Acknowledgement: Sendable, Hashable {
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// The receiver has it.
        case received
        /// The receiver had it before, and has it once.
        case duplicate
        /// The message is at fault.
        case refused
        /// It went to the wrong place, or does not fit how things stand there.
        case wrongTarget = "wrong-target"
        /// It did not arrive, or could not be worked on just then. Nobody tries again by themselves.
        case notDelivered = "not-delivered"
        /// It cannot be told whether it is a yes or a no.
        case unclear

        /// Whether the receiver does not have what it was sent, so that a person must look.
        package var isNegative: Bool {
            switch self {
            case .refused, .wrongTarget, .notDelivered: true
            case .received, .duplicate, .unclear: false
            }
        }
    }

    package var at: Instant
    /// Which form it had, a word of a closed list: `mesh-report`, `itk3`, `fhir`, `hl7v2`, `hl7v3`, `itk`.
    package var kind: String
    package var verdict: Verdict
    /// The answer's own code, such as `30002` or `AE`: at most 20 letters, digits, `-` and `_`.
    package var code: String?
    /// The dead letter's cause where the verdict is negative; a word of a closed list, since causes become labels.
    package var cause: String
    /// The key of the delivery it answers; `nil` where it names none that could be one.
    package var key: String?
    /// SHA-256 of the answer, where it is no message of its own and may come again after a crash.
    package var digest: Key?

    package init(
        at: Instant, kind: String, verdict: Verdict, code: String? = nil, cause: String, key: String?,
        digest: Key? = nil
    ) {
        self.at = at
        self.kind = kind
        self.verdict = verdict
        self.code = code.flatMap { Self.isPlain($0) ? $0 : nil }
        self.cause = cause
        self.key = key.flatMap(Self.ourKey)
        self.digest = digest
    }

    /// An identifier as our keys are written; `nil` for what is no UUID, since it may be somebody's number.
    private static func ourKey(_ text: String) -> String? {
        var bare = Substring(text.lowercased())
        if bare.hasPrefix("urn:uuid:") { bare = bare.dropFirst("urn:uuid:".count) }
        let bytes = Array(bare.utf8)
        guard bytes.count == 36 else { return nil }
        let isUUID = bytes.indices.allSatisfy { index in
            switch index {
            case 8, 13, 18, 23: bytes[index] == 0x2D
            default: 0x30...0x39 ~= bytes[index] || 0x61...0x66 ~= bytes[index]
            }
        }
        return isUUID ? String(bare) : nil
    }

    private static func isPlain(_ code: String) -> Bool {
        (1...20).contains(code.utf8.count)
            && code.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }
}

/// An acknowledgement as it is kept.
package struct AnswerSummary: Sendable, Hashable {
    package var at: Instant
    package var kind: String
    package var verdict: Acknowledgement.Verdict
    package var code: String?
    package var key: String?
    /// What it answers; `nil` when nothing here is known by that key.
    package var delivery: DeliveryID?
    package var route: String?
    /// The message that was delivered, and the message that brought the answer, by their references.
    package var sent: String?
    package var broughtBy: String?

    /// To be followed by a condition.
    static let query = """
        SELECT a.at, a.kind, a.verdict, a.code, a.key, a.delivery, d.route, s.reference, b.reference FROM answer a
        LEFT JOIN delivery d ON d.id = a.delivery LEFT JOIN message s ON s.id = d.message
        LEFT JOIN message b ON b.id = a.message
        """

    init(_ row: Columns) {
        at = Instant(milliseconds: row.int(0))
        kind = row.text(1)
        verdict = Acknowledgement.Verdict(rawValue: row.text(2)) ?? .unclear
        code = row.optionalText(3)
        key = row.optionalText(4)
        delivery = row.optionalInt(5).map(DeliveryID.init)
        route = row.optionalText(6)
        sent = row.optionalText(7)
        broughtBy = row.optionalText(8)
    }
}
