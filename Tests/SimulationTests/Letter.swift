/// A document that a simulated practice sends, in the dialect of the `riverside` mappings.
///
/// Each letter has a token of its own in its text, and each person a number of their own, so that whatever arrives
/// somewhere tells which letter it is of and whether anything of another person is in it.
struct Letter: Sendable, Hashable {
    enum Kind: String, Sendable { case new = "NEW", update = "UPDATE", cancellation = "CANCEL" }
    enum Flaw: Sendable { case cutOff, tooLarge }

    /// Letters of the same number say the same.
    var number: Int
    var person: Int
    var reference: String
    /// What the sender calls the message.
    var messageID: String?
    var kind = Kind.new
    var isXML = false
    /// Whether the person agreed to employment support.
    var isConsenting = true
    /// Whether the endpoint will never take it.
    var isPoison = false
    /// Says the same in other bytes.
    var padding = 0
    var flaw: Flaw?

    static let poison = "unpalatable"

    /// A number of ten digits of the 999 test range whose check digit is right (modulus 11).
    static func nhsNumber(of person: Int) -> String {
        for step in 0..<11 {
            let nine = Array("999\(100_000 + person * 20 + step)".utf8)
            let sum = zip(nine, 0...).reduce(0) { $0 + (Int($1.0) - 0x30) * (10 - $1.1) }
            let check = (11 - sum % 11) % 11
            if check != 10 { return String(decoding: nine, as: UTF8.self) + "\(check)" }
        }
        return ""
    }

    var token: String { "canary-\(number)-" }

    var bytes: [UInt8] {
        var bytes = Array((isXML ? xml : json).utf8)
        switch flaw {
        case .cutOff: bytes.removeLast(bytes.count / 3)
        case .tooLarge: bytes += [UInt8](repeating: 0x20, count: SimulatedGateway.largestDocument)
        case nil: bytes += [UInt8](repeating: 0x0A, count: padding)
        }
        return bytes
    }

    private var reason: String { "Would like company. \(token) \(isPoison ? Self.poison : "")" }
    private var answer: String { isConsenting ? "Y" : "N" }

    private var json: String {
        let guid = messageID.map { "\"guid\": \"\($0)\", " } ?? ""
        return """
            {"module": "riverside-referrals", "ref": "\(reference)", "rev": 1,
            "message": {\(guid)"kind": "\(kind.rawValue)", "sent": "2026-03-02T09:14:00+00:00"},
            "practice": {"ods": "A81001", "name": "Riverside Medical Practice"},
            "referredBy": {"name": "Dr Priya Raman", "org": {"ods": "A81001"}, "tel": "01632 960102"},
            "referredTo": [{"service": "SP-TEES-01", "name": "Tees Valley Link Workers"}],
            "patient": {"nhsNo": "\(Self.nhsNumber(of: person))", "surname": "Dray", "dob": "07/11/1951", "sex": "M"},
            "reason": "\(reason)", "needs": [{"scheme": "read2", "code": "13Z8.", "text": "Isolated"}],
            "work": {"asked": "NOTASKED"}, "risks": [{"noneKnown": "Y"}],
            "consent": {"by": "P", "answers": [{"for": "EMPSUPPORT", "given": "\(answer)"}]}}
            """
    }

    private var xml: String {
        let id = messageID.map { "<MessageId>\($0)</MessageId>" } ?? ""
        return """
            <Referral xmlns="urn:example:riverside:referral:3" id="\(reference)" version="1">
            <Header>\(id)<Kind>\(kind.rawValue)</Kind><Sent>2026-03-02T09:14:00+00:00</Sent></Header>
            <Practice ods="A81001"><Name>Riverside Medical Practice</Name></Practice>
            <Referrer><Name>Dr Priya Raman</Name><Phone>01632 960102</Phone></Referrer>
            <To service="SP-TEES-01"><Name>Tees Valley Link Workers</Name></To>
            <Patient><NHSNumber>\(Self.nhsNumber(of: person))</NHSNumber><Surname>Dray</Surname><DOB>07/11/1951</DOB>
            <Sex>M</Sex></Patient><Reason>\(reason)</Reason>
            <Needs><Need scheme="read2" code="13Z8.">Isolated</Need></Needs>
            <Work><Asked>NOTASKED</Asked></Work><Risks noneKnown="Y"/>
            <Consents givenBy="P"><Consent for="EMPSUPPORT" given="\(answer)"/></Consents>
            </Referral>
            """
    }
}
