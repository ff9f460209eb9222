import DurableFiles
import AllocationCount
import Gateway
import Glibc
import Mappings
import Referrals
import Reporting
import SourceDocuments

/// Measures translation: read → map → check → canonical JSON, origins and coverage on, beside bare reading of the same bytes.
///
/// Prints one JSON object a line and format. Times are CPU seconds of this process, the least of several interleaved
/// rounds; allocations are counted exactly. `--check` compares the counts with the committed thresholds and fails on
/// more; no time is ever a threshold. `--packs` measures the shipped mappings instead, see ``Packs``.
@main
struct Bench {
    static func main() throws {
        let arguments = CommandLine.arguments
        let folder = arguments.dropFirst().first { !$0.hasPrefix("-") } ?? "Benchmarks"
        let only = arguments.first { $0.hasPrefix("--only=") }.map { String($0.dropFirst(7)) }
        let once = arguments.first { $0.hasPrefix("--once=") }.flatMap { Int($0.dropFirst(7)) }
        if arguments.contains("--packs") { return try Packs.run(only: only, times: once) }
        var cases = try Case.all(in: folder)
        if let only { cases = cases.filter { $0.name == only } }
        if let once { return cases.forEach { $0.runOnce(rounds: once) } }
        let rounds = arguments.contains("--check") ? 1 : 7
        for _ in 0..<rounds { for index in cases.indices { cases[index].measure() } }
        cases.forEach { print($0.line) }
        print(try Flatness.line(cases))
        if arguments.contains("--check"), !Thresholds.hold(cases) { exit(1) }
    }
}

/// What one worker of the gateway has: one translator, which serves all mappings of a set, and beside it what reads alone.
final class Worker {
    let translator: Translator
    let reader = DocumentReader()
    var document: SourceDocument

    init(_ set: MappingSet) {
        guard let day = CalendarDay(year: 2026, month: 1, day: 1) else {
            preconditionFailure("the first of January exists")
        }
        translator = Translator(set, options: Translator.Options(today: day))
        document = SourceDocument(symbols: set.symbols)
    }
}

/// One format: its documents, its mapping, and the best that was measured.
struct Case {
    let name: String
    let documents: [[UInt8]]
    let worker: Worker
    let mapping: Int
    var readSeconds = Double.infinity
    var wholeSeconds = Double.infinity
    var allocations = Int.max
    var fields = 0

    /// Name, folder of documents, mapping: the packs as shipped, and beside them mappings of about forty fields.
    static let formats = [
        ("fhir-json", "fhir-json", "fhir-bars"), ("fhir-json-40", "fhir-json", "fhir-40"),
        ("fhir-xml", "fhir-xml", "fhir-bars"), ("fhir-xml-40", "fhir-xml", "fhir-40"), ("cda", "cda", "itk-cda"),
        ("cda-40", "cda", "cda-40"), ("vendor-xml", "vendor-xml", "vendor-xml"),
        ("vendor-json", "vendor-json", "vendor-json"),
    ]

    static func all(in folder: String) throws -> [Case] {
        let libraries = [
            try MappingLibrary.load("mappings").compiledOnly,
            try MappingLibrary.load(Files.join(folder, "mappings")).compiledOnly,
        ]
        let workers = libraries.map { Worker($0.set) }
        var documents: [String: [[UInt8]]] = [:]
        return try formats.compactMap { name, format, mapping in
            for worker in workers {
                guard let index = worker.translator.set.index(named: mapping) else { continue }
                let texts = try documents[format] ?? read(Files.join(folder, "documents/\(format)"))
                documents[format] = texts
                return Case(name, texts, worker, index)
            }
            print(FindingPrinter().text(libraries.flatMap(\.findings).filter { $0.severity == .error }))
            return nil
        }
    }

    private static func read(_ folder: String) throws -> [[UInt8]] {
        try Files.list(folder).map { Array(try Files.read(Files.join(folder, $0))) }
    }

    init(_ name: String, _ documents: [[UInt8]], _ worker: Worker, _ mapping: Int) {
        self.name = name
        self.documents = documents
        self.worker = worker
        self.mapping = mapping
    }

    mutating func measure() {
        let rounds = max(1, 4_000_000 / documents.reduce(0) { $0 + $1.count })
        var output: [UInt8] = []
        read(1)
        translate(1, &output)
        var start = cpuSeconds()
        read(rounds)
        readSeconds = min(readSeconds, (cpuSeconds() - start) / Double(rounds * documents.count))
        let before = allocation_count()
        start = cpuSeconds()
        translate(rounds, &output)
        wholeSeconds = min(wholeSeconds, (cpuSeconds() - start) / Double(rounds * documents.count))
        allocations = min(allocations, Int(allocation_count() - before) / (rounds * documents.count))
    }

    private mutating func read(_ rounds: Int) {
        var findings: [Finding] = []
        for _ in 0..<rounds {
            for bytes in documents where !worker.reader.read(bytes, into: &worker.document, reporting: &findings) {
                preconditionFailure("a benchmark document cannot be read")
            }
        }
    }

    mutating func translate(_ rounds: Int, _ output: inout [UInt8]) {
        for _ in 0..<rounds {
            for bytes in documents {
                let translation = worker.translator.translate(bytes, named: "", with: mapping)
                guard let part = translation.parts.first else { preconditionFailure("no referral came out") }
                fields = part.origins.count
                output.removeAll(keepingCapacity: true)
                CanonicalJSON.write(part.referral, into: &output, pretty: false)
            }
        }
    }

    /// For counting instructions from outside.
    func runOnce(rounds: Int) {
        var copy = self
        var output: [UInt8] = []
        copy.translate(rounds, &output)
        print("\(name): \(rounds * documents.count) documents")
    }

    var bytes: Int { documents.reduce(0) { $0 + $1.count } / documents.count }

    var line: String {
        JSONValue.members([
            "benchmark": .string(name), "bytes": .number(bytes), "fields": .number(fields),
            "readMicroseconds": .decimal(tenths(readSeconds * 1e6)),
            "wholeMicroseconds": .decimal(tenths(wholeSeconds * 1e6)),
            "perSecondAndCore": .number(Int(1 / wholeSeconds)),
            "timesBareReading": .decimal(tenths(wholeSeconds / readSeconds)), "allocations": .number(allocations),
        ]).text()
    }
}

/// Peak memory of mapping many documents one after another.
enum Flatness {
    static func line(_ cases: [Case]) throws -> String {
        var output: [UInt8] = []
        var mapped = 0
        var peaks: [Int] = []
        while mapped < 10_000 {
            for index in cases.indices {
                var copy = cases[index]
                copy.translate(5, &output)
                mapped += 5 * copy.documents.count
            }
            if peaks.count < 2 || mapped >= 10_000 { peaks.append(peakKilobytes()) }
        }
        return JSONValue.members([
            "benchmark": .string("memory"), "documents": .number(mapped),
            "peakKilobytesAtFirst": .number(peaks.first ?? 0), "peakKilobytesAtLast": .number(peaks.last ?? 0),
        ]).text()
    }

    private static func peakKilobytes() -> Int {
        var usage = rusage()
        getrusage(0, &usage)
        return usage.ru_maxrss
    }
}

/// The most allocations a message of each case may cost: a tenth above what was measured when this was last lowered.
enum Thresholds {
    static let allocations = [
        "fhir-json": 28, "fhir-json-40": 30, "fhir-xml": 47, "fhir-xml-40": 50, "cda": 85, "cda-40": 54,
        "vendor-xml": 34, "vendor-json": 29,
    ]

    static func hold(_ cases: [Case]) -> Bool {
        var holds = true
        for measured in cases {
            guard let limit = allocations[measured.name], measured.allocations > limit else { continue }
            print("\(measured.name): \(measured.allocations) allocations a message, and the threshold is \(limit)")
            holds = false
        }
        return holds
    }
}

func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func tenths(_ value: Double) -> String {
    let scaled = Int((value * 10).rounded())
    return "\(scaled / 10).\(scaled % 10)"
}
