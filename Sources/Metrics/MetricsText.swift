/// Writes metrics in Prometheus' text format 0.0.4, or in OpenMetrics 1.0: there a counter's family has no `_total` in its
/// name, and bounds of buckets are written with their point.
struct MetricsText {
    let isOpenMetrics: Bool

    func write(_ metric: Metric, _ values: [[String]: MetricsRegistry.Value], to output: inout String) {
        let isCounter = metric.kind == .counter && isOpenMetrics
        let family = isCounter ? String(metric.name.dropLast("_total".count)) : metric.name
        output += "# HELP \(family) \(escaped(metric.help, isHelp: !isOpenMetrics))\n"
        output += "# TYPE \(family) \(metric.kind.rawValue)\n"
        for (labels, value) in values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let pairs = zip(metric.labels, labels).map { "\($0)=\"\(escaped($1, isHelp: false))\"" }
            switch value {
            case .number(let number): line(metric.name, pairs, text(number), to: &output)
            case .histogram(let counts, let sum): write(metric, pairs, counts, sum, to: &output)
            }
        }
    }

    private func write(
        _ metric: Metric, _ pairs: [String], _ counts: [UInt64], _ sum: Double, to output: inout String
    ) {
        var total: UInt64 = 0
        for (bound, count) in zip(metric.buckets.map(bound) + ["+Inf"], counts) {
            total += count
            line(metric.name + "_bucket", pairs + ["le=\"\(bound)\""], String(total), to: &output)
        }
        line(metric.name + "_sum", pairs, text(sum), to: &output)
        line(metric.name + "_count", pairs, String(total), to: &output)
    }

    private func line(_ name: String, _ pairs: [String], _ value: String, to output: inout String) {
        output += name
        if !pairs.isEmpty { output += "{" + pairs.joined(separator: ",") + "}" }
        output += " " + value + "\n"
    }

    private func bound(_ seconds: Double) -> String { isOpenMetrics ? "\(seconds)" : text(seconds) }

    private func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
        return "\(number)"
    }

    private func escaped(_ text: String, isHelp: Bool) -> String {
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
