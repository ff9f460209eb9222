import Referrals

/// Makes referrals from the schema, the same ones on every run: every value is its own, so that one that leaks is found.
struct ReferralMaker {
    private var random: SplitMix
    private let schema = Schema.referral
    /// Of a hundred optional fields, how many are set.
    let density: UInt64
    private var count = 0

    init(seed: UInt64, density: UInt64 = 33) {
        random = SplitMix(state: seed)
        self.density = density
    }

    mutating func referral() -> Referral {
        var referral = Referral(schema: schema)
        members(of: 0, in: 0, &referral)
        referral.close(0)
        return referral
    }

    /// The part of a value that stands in no other value of the referral.
    static func canary(in value: String) -> String? {
        for pattern in [/T\d+T/, /k\d+k/, /Q1\d{4}/, /\/\/k\d+\./] {
            if let match = value.firstMatch(of: pattern) { return String(match.output) }
        }
        return nil
    }

    private mutating func members(of field: FieldID, in group: UInt32, _ referral: inout Referral) {
        for child in schema[field].children {
            let isNeeded = schema[child].isAlwaysFilled || schema[child].isNeeded
            guard isNeeded || random.next() % 100 < density else { continue }
            for _ in 0..<(schema[child].isList ? 1 + random.next() % 3 : 1) { item(child, in: group, &referral) }
        }
    }

    private mutating func item(_ field: FieldID, in group: UInt32, _ referral: inout Referral) {
        guard schema[field].isGroup else {
            return referral.append(field, Array(value(schema[field]).utf8).span, in: group)
        }
        let opened = referral.open(field, in: group)
        members(of: field, in: opened, &referral)
        referral.close(opened)
    }

    private mutating func value(_ field: Field) -> String {
        count += 1
        switch field.row.type {
        case .text: return "T\(count)T " + hardText()
        case .token: return special(field) ?? "k\(count)k"
        case .uuid: return StableID.uuid(namespace: "test", name: Array("\(random.next())".utf8))
        case .date: return day()
        case .partialDate:
            return [String(day().prefix(4)), String(day().prefix(7)), day()].randomElement(using: &random) ?? ""
        case .instant: return day() + "T23:59:59.5+01:00"
        case .integer(let range):
            return String(Int.random(in: range.lowerBound...min(range.upperBound, 1 << 40), using: &random))
        case .boolean: return random.next() % 2 == 0 ? "true" : "false"
        case .choice(let list): return list.codes.randomElement(using: &random)?.code ?? ""
        case .group: return ""
        }
    }

    /// Identifiers that have a form of their own.
    private mutating func special(_ field: Field) -> String? {
        switch field.name {
        case "odsCode": "Q\(10_000 + count)"
        case "postcode": "ZZ\(count % 90 + 1) \(count % 10)AB"
        case "value" where field.path == "person.nhsNumber.value": "9990000018"
        case "system": "https://k\(count).example/system"
        default: nil
        }
    }

    private mutating func day() -> String {
        let (month, day) = (1 + random.next() % 12, 1 + random.next() % 28)
        return "20\(10 + random.next() % 15)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    private mutating func hardText() -> String {
        let parts = ["\"", "\\", "é", "日本", "👩🏽‍⚕️", "</x>", "plain words", "a\nb", "\t|", "'"]
        return (0..<(1 + random.next() % 4)).map { _ in parts.randomElement(using: &random) ?? "" }.joined() + "."
    }
}

/// SplitMix64: small, and the same everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
