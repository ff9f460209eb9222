package import Mappings
import Referrals
import Reporting

/// Where each value of a referral came from, as lines of text small enough to keep with every referral:
/// `FIELD TAB FIRST-BYTE TAB END-BYTE TAB LINE-OF-MAPPING TAB KIND`. No values.
package enum ReferralTrace {
    package static func write(_ part: Translation.Part, mapping: CompiledMapping?) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(part.origins.count * 64)
        let schema = part.referral.schema
        for node in part.referral.nodes.dropFirst() where node.textEnd > node.textStart {
            guard node.origin != Referral.noOrigin else { continue }
            let origin = part.origins[Int(node.origin)]
            output.append(contentsOf: schema[node.field].path.utf8)
            append(origin.span.start, to: &output)
            append(origin.span.end, to: &output)
            append(line(of: origin, mapping), to: &output)
            output.append(0x09)
            output.append(contentsOf: origin.kind.word.utf8)
            output.append(0x0A)
        }
        return output
    }

    private static func append(_ number: Int, to output: inout [UInt8]) {
        output.append(0x09)
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            output.append(UInt8(truncatingIfNeeded: 0x30 + number / divisor % 10))
            divisor /= 10
        }
    }

    private static func line(of origin: Origin, _ mapping: CompiledMapping?) -> Int {
        guard let rules = mapping?.plan.rules, rules.indices.contains(origin.rule) else { return 0 }
        return rules[origin.rule].plan.place.position.line
    }
}
