import Foundation
import Gateway
import Referrals
import Reporting
import SourceDocuments
import Testing

@testable import Mappings

/// The samples of the repository with the mappings that come with it.
enum TranslationSamples {
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
    }

    static let repository: URL = {
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { place.deleteLastPathComponent() }
        return place
    }()

    static let library: MappingSet = {
        do {
            return try MappingLibrary.load(repository.appendingPathComponent("mappings").path).set
        } catch {
            Issue.record("the mappings cannot be loaded: \(error)")
            return MappingSet()
        }
    }()

    static let all: [Sample] = {
        let folder = repository.appendingPathComponent("samples")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.sorted().compactMap { name in
            guard name.hasSuffix(".xml") || name.hasSuffix(".json"), !name.contains(".referral."),
                let data = try? Data(contentsOf: folder.appendingPathComponent(name))
            else { return nil }
            return Sample(testDescription: name, bytes: Array(data))
        }
    }()

    static func translator(isDetailed: Bool = false) throws -> Translator {
        var options = Translator.Options(today: try #require(TranslationBench.today))
        options.isDetailed = isDetailed
        return Translator(library, options: options)
    }

    /// A document with its texts replaced by marks that occur nowhere else, such as `Zq12x7Z`.
    ///
    /// - Parameters:
    ///   - share: One in so many values is replaced.
    ///   - document: A number that the marks of this document carry.
    static func marked(
        _ bytes: [UInt8], document number: Int, oneIn share: Int, _ random: inout SeededRandom,
        sparing names: Set<String> = []
    ) throws -> [UInt8] {
        var document = SourceDocument()
        var findings: [Finding] = []
        guard DocumentReader().read(bytes, into: &document, reporting: &findings), document.source == bytes else {
            return bytes
        }
        var result = bytes
        var last = Int.max
        for node in document.nodes.indices.reversed() {
            let item = document.nodes[node]
            guard item.hasValue, !item.flags.contains(.valueAside), item.kind != .number, item.kind != .boolean,
                item.kind != .null,
                item.valueEnd > item.valueStart, Int(item.valueEnd) <= last,
                !names.contains(document.symbols.name(item.name)),
                random.next(below: share) == 0, Self.isText(document.source[Int(item.valueStart)..<Int(item.valueEnd)])
            else { continue }
            result.replaceSubrange(Int(item.valueStart)..<Int(item.valueEnd), with: "Zq\(number)x\(node)Z".utf8)
            last = Int(item.valueStart)
        }
        return result
    }

    /// Marks are put where no quotation mark or tag is lost.
    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.contains { $0 == 0x22 || $0 == 0x3C || $0 == 0x3E }
    }
}

/// SplitMix64: the same numbers on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next(below limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }
}
