import DurableFiles
import Gateway
import Mappings
import Referrals
import Reporting
import SourceDocuments

/// Measures every shipped mapping on its biggest sample, and what recognising the format costs of it.
///
/// Prints one JSON object a mapping: what its sample costs as it is, and grown to the size of what is really sent, see
/// ``PackGrowth``. Both are compared with `itk-cda` by the time a byte takes; documents of several referrals are compared by
/// the referral too, since each is a message of its own. Recognition is what it takes to tell, among all mappings, which one
/// reads a document that was read already. CPU time, the least of several interleaved rounds.
enum Packs {
    /// What the others are compared with.
    static let yardstick = "itk-cda"
    private static let rounds = 7

    /// - Parameters:
    ///   - only: The one mapping to measure beside `itk-cda`.
    ///   - times: Translate it so many times and measure nothing, for counting instructions from outside.
    static func run(only: String?, times: Int?) throws {
        let library = try MappingLibrary.load("mappings")
        if let times, let only, let mapping = library.set.index(named: only) {
            try PackCase(library, mapping)?.runOnce(times: times)
            return
        }
        var cases = try library.set.mappings.indices.compactMap { try PackCase(library, $0) }
        if let only { cases = cases.filter { $0.name == only || $0.name == Self.yardstick } }
        for _ in 0..<rounds { for index in cases.indices { cases[index].measure() } }
        guard let yardstick = cases.first(where: { $0.name == Self.yardstick }) else { return }
        cases.sort { $0.name < $1.name }
        for measured in cases { print(measured.line(beside: yardstick)) }
    }
}

/// One mapping with its biggest sample that gives a referral.
struct PackCase {
    let name: String
    private let translator: Translator
    private let reader = DocumentReader()
    private var document: SourceDocument
    private var evaluator = PathEvaluator()
    private var sample: Run
    private var grown: Run
    private var recognitionSeconds = Double.infinity

    /// One document and the best that was measured of it.
    private struct Run {
        let bytes: [UInt8]
        let referrals: Int
        var seconds = Double.infinity

        var repetitions: Int { max(1, 1_000_000 / bytes.count) }
        var secondsAByte: Double { seconds / Double(bytes.count) }
        var secondsAReferral: Double { seconds / Double(referrals) }
    }

    /// - Returns: `nil` for a mapping none of whose samples gives a referral when its format is recognised.
    init?(_ library: MappingLibrary, _ mapping: Int) throws {
        guard let day = CalendarDay(year: 2026, month: 1, day: 1) else { return nil }
        name = library.set.mappings[mapping].name
        document = SourceDocument(symbols: library.set.symbols)
        let translator = Translator(library.set, options: Translator.Options(today: day))
        self.translator = translator
        let tests = library.set.mappings[mapping].mapping.tests.filter { $0.expected != nil && $0.changes.isEmpty }
        let files = tests.map { library.sample($0.sample.text, of: library.set.mappings[mapping].mapping) }
        func run(_ bytes: [UInt8]) -> Run? {
            let translation = translator.translate(bytes)
            guard translation.mappingIndex == mapping, !translation.parts.isEmpty else { return nil }
            return Run(bytes: bytes, referrals: translation.parts.count)
        }
        let runs = try Set(files).compactMap { run(try Files.read($0)) }
        guard let biggest = runs.max(by: { $0.bytes.count < $1.bytes.count }),
            let grown = run(PackGrowth.grown(biggest.bytes, of: name))
        else { return nil }
        sample = biggest
        self.grown = grown
    }

    mutating func measure() {
        measure(&sample)
        measure(&grown)
        var findings: [Finding] = []
        guard reader.read(grown.bytes, into: &document, reporting: &findings) else { return }
        recognise()
        let start = cpuSeconds()
        for _ in 0..<grown.repetitions { recognise() }
        recognitionSeconds = min(recognitionSeconds, (cpuSeconds() - start) / Double(grown.repetitions))
    }

    private func measure(_ run: inout Run) {
        var output: [UInt8] = []
        translate(run.bytes, &output)
        let start = cpuSeconds()
        for _ in 0..<run.repetitions { translate(run.bytes, &output) }
        run.seconds = min(run.seconds, (cpuSeconds() - start) / Double(run.repetitions))
    }

    /// For counting instructions from outside.
    func runOnce(times: Int) {
        var output: [UInt8] = []
        for _ in 0..<times { translate(grown.bytes, &output) }
        print("\(name): \(times) documents of \(grown.bytes.count) bytes with \(grown.referrals) referrals")
    }

    private func translate(_ bytes: [UInt8], _ output: inout [UInt8]) {
        for part in translator.translate(bytes).parts {
            output.removeAll(keepingCapacity: true)
            CanonicalJSON.write(part.referral, into: &output, pretty: false)
        }
    }

    private mutating func recognise() {
        evaluator.begin(document)
        guard translator.set.candidates(for: &document, with: &evaluator).count == 1 else {
            preconditionFailure("a sample that was recognised is so no more")
        }
    }

    /// - Returns: A JSON object. `sample` and `grown` say what each costs; `beside` is how many times as many messages of
    ///   equal size this mapping does as the other, `besideByReferral` how many times as many referrals.
    func line(beside other: PackCase) -> String {
        JSONValue.members([
            "pack": .string(name),
            "sample": Self.figures(sample, beside: other.sample), "grown": Self.figures(grown, beside: other.grown),
            "recognitionMicroseconds": .decimal(hundredths(recognitionSeconds * 1e6)),
            "recognitionPercent": .decimal(hundredths(100 * recognitionSeconds / grown.seconds)),
        ]).text()
    }

    private static func figures(_ run: Run, beside other: Run) -> JSONValue {
        .members([
            "bytes": .number(run.bytes.count), "referrals": .number(run.referrals),
            "perSecondAndCore": .number(Int(1 / run.seconds)),
            "referralsPerSecondAndCore": .number(Int(1 / run.secondsAReferral)),
            "megabytesPerSecond": .decimal(tenths(1e-6 / run.secondsAByte)),
            "beside": .decimal(hundredths(other.secondsAByte / run.secondsAByte)),
            "besideByReferral": .decimal(hundredths(other.secondsAReferral / run.secondsAReferral)),
        ])
    }
}

private func hundredths(_ value: Double) -> String {
    let scaled = Int((value * 100).rounded())
    return "\(scaled / 100).\(scaled % 100 < 10 ? "0" : "")\(scaled % 100)"
}
