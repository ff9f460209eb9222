import Reporting
import Testing

@testable import Mappings

/// A small generator whose numbers repeat: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Whatever arrives, a converter neither stops the process nor gives a value that is not of its type.
@Suite("Converters, whatever arrives")
struct ConverterFuzzTests {
    @Test("bytes of any kind are answered, and a value is of its type", arguments: AllConverters.names)
    func anyBytes(name: String) throws {
        let type = try #require(AllConverters.named(name))
        let converters = try Self.argumentSets(type.spec).map { try type.init(arguments: $0) }
        var random = SeededGenerator(state: 20_260_302)
        var output = ConvertedValue()
        for round in 0..<5_000 {
            let input = Self.input(type.spec, &random)
            output.clear()
            let outcome = converters[round % converters.count].convert(input.span, into: &output)
            guard Self.isSound(outcome, output, of: type.spec) else {
                Issue.record("\(name) \(round): \(outcome) \(values(output, of: type.spec)) from \(input)")
                return
            }
        }
    }

    /// The argument sets of the examples, each once.
    static func argumentSets(_ spec: ConverterSpec) -> [[String: String]] {
        Array(Set(spec.examples.map(\.arguments)))
    }

    /// Random bytes, or an example with a few bytes changed, put in, left out or doubled.
    static func input(_ spec: ConverterSpec, _ random: inout SeededGenerator) -> [UInt8] {
        let signs = Array("0123456789 -+:./TZ|<>&;#=\"'()@{}[]aAzZx\u{A0}é９\n".utf8)
        if Int.random(in: 0..<4, using: &random) == 0 {
            return (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
        }
        var bytes = Array((spec.examples.randomElement(using: &random)?.input ?? "").utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let sign = signs.randomElement(using: &random) ?? 0
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.insert(sign, at: place)
            case 1 where place < bytes.count: bytes[place] = sign
            case 2 where place < bytes.count: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes[place...].prefix(6), at: place)
            }
        }
        return bytes
    }

    static func isSound(_ outcome: Conversion, _ output: ConvertedValue, of spec: ConverterSpec) -> Bool {
        switch outcome {
        case .blank: return output.parts.isEmpty
        case .invalid(let code): return output.parts.isEmpty && code.entry.severity == .error && !code.entry.why.isEmpty
        case .noted(let code):
            guard code.entry.severity == .warning else { return false }
        case .converted: break
        }
        guard output.parts.map(\.part) == Array(0..<max(spec.parts.count, 1)) else { return false }
        return output.parts.allSatisfy { part in
            guard part.start < part.end, part.end <= output.bytes.count else { return false }
            let bytes = Array(output.bytes[part.start..<part.end])
            return isOfType(bytes, spec.parts.isEmpty ? "" : spec.parts[part.part], spec.name)
        }
    }

    // MARK: What a value of each kind looks like

    static func isOfType(_ bytes: [UInt8], _ part: String, _ converter: String) -> Bool {
        switch (converter, part) {
        case ("text", _), ("narrative", _), ("telecom", "value"), ("ods-address", _):
            return bytes.span.trimmed() == 0..<bytes.count
        case ("token", _): return bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        case ("code", _):
            return bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && bytes.first != 0x20 && bytes.last != 0x20
        case ("base64", _): return bytes.allSatisfy(\.isDigit)
        case ("nhs-number", "status"):
            return NHSNumberConverter.statuses.contains(String(decoding: bytes, as: UTF8.self))
        case ("telecom", "system"):
            let known = ["phone", "email", "fax", "sms", "url", "other"]
            return known.contains(String(decoding: bytes, as: UTF8.self))
        default: return String(decoding: bytes, as: UTF8.self).wholeMatch(of: pattern(converter)) != nil
        }
    }

    static func pattern(_ converter: String) -> Regex<Substring> {
        switch converter {
        case "date": return #/[12][0-9]{3}-[01][0-9]-[0-3][0-9]/#
        case "partial-date": return #/[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?/#
        case "date-time":
            return
                #/[12][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](?:\.[0-9]{1,9})?[+\-][01][0-9]:[0-5][0-9]/#
        case "integer": return #/-?[1-9][0-9]*|0/#
        case "boolean": return #/true|false/#
        case "uuid": return #/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/#
        case "url": return #/[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+/#
        case "nhs-number": return #/[0-9]{10}/#
        case "ods-code": return #/[A-Z0-9]{3,9}/#
        case "gmc-number": return #/[0-9]{7}/#
        case "gmp-code": return #/[A-Z][0-9]{7}/#
        case "snomed": return #/[1-9][0-9]{5,17}/#
        case "postcode": return #/[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}|GIR 0AA/#
        case "phone": return #/\+?[0-9]+(?: [0-9]+)*/#
        case "email": return #/[!-?A-~]+@[A-Za-z0-9.\-]+\.[A-Za-z0-9\-]+/#
        default: return #//#
        }
    }
}
