internal import FoundationEssentials

/// What a receiver's answer says of the message: its name for it, and whether it had it before.
struct ReceiverAnswer {
    /// What the receiver calls it: the path of `Location`, or the `id` in the body; at most 200 bytes of plain token.
    let receipt: String?
    /// Whether an OperationOutcome has an issue of code `duplicate`, or a problem (RFC 9457) that code.
    let isDuplicate: Bool
    /// Whether it is an OperationOutcome at all.
    let isOutcome: Bool

    init(_ response: ExchangeResponse) {
        let body = Body(response)
        isDuplicate = body.isDuplicate
        isOutcome = body.isOutcome
        receipt = Self.place(response) ?? body.id.flatMap(Self.token)
    }

    /// A query or fragment may carry identifiers of a person, so it is cut off.
    private static func place(_ response: ExchangeResponse) -> String? {
        let place = response.header("location") ?? response.header("content-location")
        return place?.split(whereSeparator: { "?#".contains($0) }).first.flatMap { token(String($0)) }
    }

    private static func token(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D...0x2F, 0x25, 0x5F, 0x7E: true
            default: false
            }
        }
        return isPlain && !text.isEmpty && text.utf8.count <= 200 ? text : nil
    }
}

/// The few members of a JSON or XML answer that matter. What cannot be read says nothing.
private struct Body {
    var id: String?
    var isDuplicate = false
    var isOutcome = false

    private struct Resource: Decodable {
        var resourceType: String?
        var id: String?
    }

    private struct Outcome: Decodable {
        struct Issue: Decodable { var code: String? }
        var issue: [Issue]
    }

    private struct Problem: Decodable { var code: String? }

    init(_ response: ExchangeResponse) {
        let type = response.header("content-type")?.lowercased() ?? ""
        if type.contains("json") { read(json: response.body) }
        if type.contains("xml") { read(xml: response.body) }
    }

    private mutating func read(json body: [UInt8]) {
        let bytes = Data(body)
        let decoder = JSONDecoder()
        let resource = try? decoder.decode(Resource.self, from: bytes)
        let issues = (try? decoder.decode(Outcome.self, from: bytes))?.issue ?? []
        let problem = try? decoder.decode(Problem.self, from: bytes)
        isDuplicate = issues.contains { $0.code == "duplicate" } || problem?.code == "duplicate"
        // The id of an OperationOutcome names the outcome, not the message.
        isOutcome = resource?.resourceType == "OperationOutcome"
        if !isOutcome { id = resource?.id }
    }

    /// `<code value="duplicate"/>` in an OperationOutcome in XML.
    private mutating func read(xml body: [UInt8]) {
        let text = String(decoding: body, as: UTF8.self)
        isOutcome = text.contains("<OperationOutcome")
        guard isOutcome else { return }
        isDuplicate = text.contains("<code value=\"duplicate\"") || text.contains("<code value='duplicate'")
    }
}
