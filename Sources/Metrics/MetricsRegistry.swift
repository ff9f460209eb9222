internal import Synchronization

/// Holds the value of every metric, and writes them as Prometheus text.
///
/// Safe to call from any thread; each call takes one lock for well under a microsecond.
package final class MetricsRegistry: Sendable {
    /// Series a metric may have. More can only come of a label that is not from a closed list: those are not kept.
    package static let seriesLimit = 2_000

    enum Value: Sendable {
        case number(Double)
        /// Counts by bucket (not yet cumulative; the last is for what is larger than all) and the sum of what was seen.
        case histogram([UInt64], sum: Double)
    }

    private let series = Mutex<[Metric: [[String]: Value]]>([:])

    package init() {}

    /// Adds to a counter or gauge.
    package func add(_ amount: Double = 1, to metric: Metric, _ labels: [String] = []) {
        update(metric, labels) { value in
            let before: Double = if case .number(let number)? = value { number } else { 0 }
            value = .number(before + amount)
        }
    }

    /// Sets a gauge.
    package func set(_ metric: Metric, _ labels: [String] = [], to number: Double) {
        update(metric, labels) { $0 = .number(number) }
    }

    /// Notes one value of a histogram, in seconds.
    package func observe(_ seconds: Double, in metric: Metric, _ labels: [String] = []) {
        let bounds = metric.buckets
        update(metric, labels) { value in
            var counts = [UInt64](repeating: 0, count: bounds.count + 1)
            var sum = 0.0
            if case .histogram(let before, let sumBefore)? = value { (counts, sum) = (before, sumBefore) }
            value = nil
            counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
            value = .histogram(counts, sum: sum + seconds)
        }
    }

    /// Forgets a metric's series, before gauges are set anew: what is no more then is not shown.
    package func reset(_ metric: Metric) { series.withLock { $0[metric] = nil } }

    /// All of it in Prometheus' text format 0.0.4 or in OpenMetrics 1.0, in the order of ``Metric`` and of labels.
    package func text(isOpenMetrics: Bool = false) -> String {
        let all = series.withLock { $0 }
        var output = ""
        let writer = MetricsText(isOpenMetrics: isOpenMetrics)
        for metric in Metric.allCases {
            guard let values = all[metric] else { continue }
            writer.write(metric, values, to: &output)
        }
        if isOpenMetrics { output += "# EOF\n" }
        return output
    }

    private func update(_ metric: Metric, _ labels: [String], _ change: (inout Value?) -> Void) {
        precondition(labels.count == metric.labels.count, "a metric is given just its labels")
        series.withLock { series in
            let isKnown = series[metric]?[labels] != nil
            guard isKnown || series[metric, default: [:]].count < Self.seriesLimit else { return }
            change(&series[metric, default: [:]][labels])
        }
    }
}
