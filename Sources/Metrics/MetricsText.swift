/// Writes metrics in Prometheus' text format 0.0.4.
enum MetricsText {
    static func write(_ metric: Metric, _ values: [[String]: MetricsRegistry.Value], to output: inout String) {
        output += "# HELP \(metric.name) \(escaped(metric.help, isHelp: true))\n"
        output += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
        for (labels, value) in values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let pairs = zip(metric.labels, labels).map { "\($0)=\"\(escaped($1, isHelp: false))\"" }
            switch value {
            case .number(let number): line(metric.name, pairs, text(number), to: &output)
            case .histogram(let counts, let sum): write(metric, pairs, counts, sum, to: &output)
            }
        }
    }

    private static func write(
        _ metric: Metric, _ pairs: [String], _ counts: [UInt64], _ sum: Double, to output: inout String
    ) {
        var total: UInt64 = 0
        for (bound, count) in zip(metric.buckets.map(text) + ["+Inf"], counts) {
            total += count
            line(metric.name + "_bucket", pairs + ["le=\"\(bound)\""], String(total), to: &output)
        }
        line(metric.name + "_sum", pairs, text(sum), to: &output)
        line(metric.name + "_count", pairs, String(total), to: &output)
    }

    private static func line(_ name: String, _ pairs: [String], _ value: String, to output: inout String) {
        output += name
        if !pairs.isEmpty { output += "{" + pairs.joined(separator: ",") + "}" }
        output += " " + value + "\n"
    }

    static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
        return "\(number)"
    }

    private static func escaped(_ text: String, isHelp: Bool) -> String {
        var output = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\"" where !isHelp: output += "\\\""
            default: output.unicodeScalars.append(character)
            }
        }
        return output
    }
}
