import Testing

@testable import Metrics

@Suite("metrics")
struct MetricsRegistryTests {
    @Test("counters, gauges and histograms are written as Prometheus reads them")
    func text() {
        let registry = MetricsRegistry()
        registry.add(to: .messagesReceived, ["north", "itk-cda"])
        registry.add(2, to: .messagesReceived, ["north", "itk-cda"])
        registry.set(.queueMessages, ["east"], to: 7)
        registry.observe(0.0001, in: .mappingDuration, ["letter"])
        registry.observe(0.002, in: .mappingDuration, ["letter"])
        registry.observe(9, in: .mappingDuration, ["letter"])
        #expect(
            registry.text() == """
                # HELP linkway_messages_received_total Documents taken into custody.
                # TYPE linkway_messages_received_total counter
                linkway_messages_received_total{source="north",format="itk-cda"} 3
                # HELP linkway_mapping_duration_seconds Time to read, map and check a document.
                # TYPE linkway_mapping_duration_seconds histogram
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.0001"} 1
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.00025"} 1
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.0005"} 1
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.001"} 1
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.0025"} 2
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.005"} 2
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.01"} 2
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.05"} 2
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="0.25"} 2
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="1"} 2
                linkway_mapping_duration_seconds_bucket{mapping="letter",le="+Inf"} 3
                linkway_mapping_duration_seconds_sum{mapping="letter"} 9.0021
                linkway_mapping_duration_seconds_count{mapping="letter"} 3
                # HELP linkway_queue_messages Deliveries that wait.
                # TYPE linkway_queue_messages gauge
                linkway_queue_messages{route="east"} 7

                """)
    }

    @Test("OpenMetrics names a counter's family without its ending, writes bounds with a point, and says where it ends")
    func openMetrics() {
        let registry = MetricsRegistry()
        registry.add(to: .messagesDuplicate, ["north"])
        registry.observe(0.5, in: .deliveryDuration, ["east"])
        let lines = registry.text(isOpenMetrics: true).split(separator: "\n")
        #expect(
            lines[1...2] == [
                "# TYPE linkway_messages_duplicate counter", #"linkway_messages_duplicate_total{source="north"} 1"#,
            ])
        #expect(lines.contains(#"linkway_delivery_duration_seconds_bucket{route="east",le="1.0"} 1"#))
        #expect(lines.last == "# EOF")
    }

    @Test("a label is escaped, so that no name can add a line")
    func escaping() {
        let registry = MetricsRegistry()
        registry.set(.inboxFiles, ["a\"b\\c\nlinkway_fake 1"], to: 1)
        #expect(registry.text().hasSuffix(#"linkway_inbox_files{source="a\"b\\c\nlinkway_fake 1"} 1"# + "\n"))
    }

    @Test("names, kinds and help follow the conventions that promtool checks", arguments: Metric.allCases)
    func conventions(_ metric: Metric) {
        #expect(metric.name.hasPrefix("linkway_"))
        #expect(metric.name.utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) })
        #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"))
        #expect(metric.kind != .histogram || metric.name.hasSuffix("_seconds"))
        #expect(!metric.help.isEmpty && metric.labels.count == Set(metric.labels).count)
        #expect(metric.buckets == metric.buckets.sorted())
    }

    @Test("a label that is not from a closed list cannot fill the memory")
    func cardinality() {
        let registry = MetricsRegistry()
        for number in 0..<(MetricsRegistry.seriesLimit + 100) { registry.add(to: .messagesDuplicate, ["\(number)"]) }
        #expect(registry.text().split(separator: "\n").count == MetricsRegistry.seriesLimit + 2)
    }

    @Test("a series that is no more is not shown after a reset")
    func reset() {
        let registry = MetricsRegistry()
        registry.set(.queueMessages, ["east"], to: 7)
        registry.reset(.queueMessages)
        #expect(registry.text().isEmpty)
    }

    @Test("a hundred thousand additions from eight threads are all counted")
    func threads() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<12_500 { registry.add(to: .messagesDuplicate, ["a"]) } }
            }
        }
        #expect(registry.text().hasSuffix(#"linkway_messages_duplicate_total{source="a"} 100000"# + "\n"))
    }
}
