import Referrals

/// The numbered documents of a proof: of invented people, each told from all others by everything in it.
enum ProofDocument {
    static func text(_ number: Int) -> String {
        let nhs = nhsNumber(number).map { "\"\($0)\"" } ?? "null"
        return """
            {"proof":1,"id":"\(id(number))","nhs":\(nhs),"family":"Proof\(number)",
             "born":"1970-01-01","sent":"2026-03-02T09:14:00+00:00","text":"document number \(number)"}
            """
    }

    /// What its sender calls it.
    static func id(_ number: Int) -> String { "proof-\(number)" }

    /// The number of the document a referral came from; `nil` when not all of it is that document's.
    static func number(of referral: [UInt8]) -> Int? {
        guard let referral = CanonicalJSON.read(referral, named: "").0,
            let id = text("source.messageId", referral), let number = Int(id.dropFirst(6)),
            text("person.name.family", referral) == "Proof\(number)",
            text("reason.text", referral) == "document number \(number)",
            text("person.nhsNumber.value", referral) == nhsNumber(number)
        else { return nil }
        return number
    }

    private static func text(_ field: String, _ referral: Referral) -> String? {
        referral.schema.field(field).flatMap { referral.first($0.id) }.map { referral.text($0) }
    }

    /// A number whose check digit is right, from the range for tests.
    private static func nhsNumber(_ number: Int) -> String? {
        var digits = [9, 9, 9] + String(number % 1_000_000 + 1_000_000).dropFirst().compactMap(\.wholeNumberValue)
        let sum = digits.enumerated().reduce(0) { $0 + $1.element * (10 - $1.offset) }
        let check = (11 - sum % 11) % 11
        guard check != 10 else { return nil }
        digits.append(check)
        return digits.map { String($0) }.joined()
    }

    static let mapping = """
        mapping: proof
        version: 1
        source: { format: json, when: "$.proof" }
        target: referral/1
        map:
          referredAt: { from: "$.sent", as: date-time }
          source: { messageId: { from: "$.id", as: token } }
          person:
            nhsNumber: { from: "$.nhs", as: nhs-number, missing: omit }
            name: { family: { from: "$.family", as: text } }
            birthDate: { from: "$.born", as: date }
          reason: { text: { from: "$.text", as: text } }
        ignore:
          - { path: "$.proof", because: "it marks a document of the crash proof" }
        """
}
