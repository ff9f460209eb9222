import DurableFiles
import Gateway
import Mappings
import Referrals
import Reporting
import SourceDocuments

/// Measures every shipped mapping on its biggest sample, and what recognising the format costs of it.
///
/// Prints one JSON object a mapping. What is compared is the time a byte takes: the messages of ten kilobytes that one
/// core translates in a second, beside those of `itk-cda`. Recognition is what it takes to tell, among all mappings,
/// which one reads a document that was read already. CPU time, the least of several interleaved rounds.
enum Packs {
    /// What the others are compared with.
    static let yardstick = "itk-cda"
    private static let rounds = 7

    static func run(only: String?) throws {
        let library = try MappingLibrary.load("mappings")
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
    private let bytes: [UInt8]
    private let translator: Translator
    private let reader = DocumentReader()
    private var document: SourceDocument
    private var evaluator = PathEvaluator()
    private let repetitions: Int
    private var parts = 0
    private var wholeSeconds = Double.infinity
    private var recognitionSeconds = Double.infinity

    /// - Returns: `nil` for a mapping none of whose samples gives a referral when its format is recognised.
    init?(_ library: MappingLibrary, _ mapping: Int) throws {
        guard let day = CalendarDay(year: 2026, month: 1, day: 1) else { return nil }
        name = library.set.mappings[mapping].name
        document = SourceDocument(symbols: library.set.symbols)
        translator = Translator(library.set, options: Translator.Options(today: day))
        let tests = library.set.mappings[mapping].mapping.tests.filter { $0.expected != nil && $0.changes.isEmpty }
        let files = tests.map { library.sample($0.sample.text, of: library.set.mappings[mapping].mapping) }
        var biggest: [UInt8] = []
        for file in Set(files) {
            let bytes = try Files.read(file)
            let translation = translator.translate(bytes)
            guard bytes.count > biggest.count, translation.mappingIndex == mapping, !translation.parts.isEmpty else {
                continue
            }
            biggest = bytes
            parts = translation.parts.count
        }
        guard !biggest.isEmpty else { return nil }
        bytes = biggest
        repetitions = max(1, 1_000_000 / biggest.count)
    }

    mutating func measure() {
        var output: [UInt8] = []
        translate(&output)
        var start = cpuSeconds()
        for _ in 0..<repetitions { translate(&output) }
        wholeSeconds = min(wholeSeconds, (cpuSeconds() - start) / Double(repetitions))
        var findings: [Finding] = []
        guard reader.read(bytes, into: &document, reporting: &findings) else { return }
        recognise()
        start = cpuSeconds()
        for _ in 0..<repetitions { recognise() }
        recognitionSeconds = min(recognitionSeconds, (cpuSeconds() - start) / Double(repetitions))
    }

    private mutating func translate(_ output: inout [UInt8]) {
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

    private var secondsAByte: Double { wholeSeconds / Double(bytes.count) }

    /// - Returns: A JSON object; `beside` is how many times as many messages of equal size this mapping does.
    func line(beside other: PackCase) -> String {
        JSONValue.members([
            "pack": .string(name), "bytes": .number(bytes.count), "referrals": .number(parts),
            "perSecondAndCore": .number(Int(1 / wholeSeconds)),
            "megabytesPerSecond": .decimal(tenths(1e-6 / secondsAByte)),
            "perSecondOf10KB": .number(Int(1 / (secondsAByte * 10_000))),
            "beside": .decimal(hundredths(other.secondsAByte / secondsAByte)),
            "recognitionMicroseconds": .decimal(hundredths(recognitionSeconds * 1e6)),
            "recognitionPercent": .decimal(hundredths(100 * recognitionSeconds / wholeSeconds)),
        ]).text()
    }
}

private func hundredths(_ value: Double) -> String {
    let scaled = Int((value * 100).rounded())
    return "\(scaled / 100).\(scaled % 100 < 10 ? "0" : "")\(scaled % 100)"
}
