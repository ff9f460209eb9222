import Custody

/// The words under which refusals become dead letters. The list is closed: they are labels of metrics and groups of
/// `linkway dead`, and what an answer says is not ours to trust. The code as it was sent stays with the answer.
enum AcknowledgementCause {
    /// HL7 v2 table 0008, and the business codes of `ITK-ResponseCodes-1`.
    private static let named = [
        "AE": "ack-ae", "AR": "ack-ar", "CE": "ack-ce", "CR": "ack-cr", "30001": "ack-30001", "30002": "ack-30002",
        "30003": "ack-30003",
    ]
    /// The infrastructure codes of `ITK-ResponseCodes-1`.
    private static let infrastructure = [10001...10020, 20001...20020]

    private static let mesh = [
        "06": "mesh-06", "12": "mesh-12", "14": "mesh-14", "EPL-150": "mesh-epl-150", "EPL-151": "mesh-epl-151",
        "EPL-152": "mesh-epl-152", "EPL-153": "mesh-epl-153", "EPL-154": "mesh-epl-154",
    ]

    static func isBusiness(_ code: String) -> Bool { code.hasPrefix("3") && named[code] != nil }

    /// `ack-30002`, `ack-ae`, or what the verdict says by itself.
    static func of(_ verdict: Acknowledgement.Verdict, _ code: String?) -> String {
        if let known = code.flatMap({ named[$0] }) { return known }
        if let number = code.flatMap({ Int($0) }), infrastructure.contains(where: { $0.contains(number) }) {
            return "ack-\(number)"
        }
        switch verdict {
        case .wrongTarget: return "ack-wrong-target"
        case .notDelivered: return "ack-try-later"
        case .refused, .received, .duplicate, .unclear: return "ack-refused"
        }
    }

    /// `mesh-14`, `mesh-epl-152`, or `mesh-failed` for a code that is not of MESH's list.
    static func ofMESH(_ statusCode: String) -> String { mesh[statusCode] ?? "mesh-failed" }
}
