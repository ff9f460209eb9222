import Referrals
import Reporting
import SourceDocuments
import Testing

@testable import Mappings

/// What must hold for every document, tried on the samples and on what is made of them.
@Suite("Properties of translation")
struct TranslationPropertyTests {
    @Test(
        "every value has an origin, and one from the source has a place and a rule", arguments: TranslationSamples.all)
    func origins(_ sample: TranslationSamples.Sample) throws {
        let translator = try TranslationSamples.translator()
        let translation = translator.translate(sample.bytes, named: sample.testDescription)
        let rules = translation.mappingIndex.map { translator.set.mappings[$0].rules.count } ?? 0
        for part in translation.parts {
            for node in part.referral.nodes.dropFirst() where !part.referral.schema[node.field].isGroup {
                try #require(node.origin != Referral.noOrigin, "\(part.referral.schema[node.field].path) has no origin")
                let origin = part.origins[Int(node.origin)]
                switch origin.kind {
                case .source:
                    #expect(
                        origin.node > 0 && origin.span.end > origin.span.start
                            && origin.span.end <= translator.document.source.count)
                    #expect((0..<rules).contains(origin.rule))
                case .fallback, .constant: #expect((0..<rules).contains(origin.rule))
                case .made: break
                }
            }
        }
    }

    @Test("coverage accounts for every node with a value, once", arguments: TranslationSamples.all)
    func coverage(_ sample: TranslationSamples.Sample) throws {
        let translator = try TranslationSamples.translator(isDetailed: true)
        let translation = translator.translate(sample.bytes)
        guard translation.mapping != nil else { return }
        let nodes = translator.document.nodes
        let values = nodes.indices.dropFirst().count { nodes[$0].hasValue || Int(nodes[$0].next) == $0 + 1 }
        #expect(translation.coverage.total == values)
        #expect(translation.coverage.items.count == values)
        #expect(translation.coverage.items.allSatisfy { ($0.state == .ignored) == ($0.because != nil) })
        #expect(translation.coverage.items.allSatisfy { $0.because?.isEmpty != true })
    }

    @Test("a canonical path stands once in a referral, unless it is a list", arguments: TranslationSamples.all)
    func once(_ sample: TranslationSamples.Sample) throws {
        for part in try TranslationSamples.translator().translate(sample.bytes).parts {
            let referral = part.referral
            for (index, node) in referral.nodes.enumerated() where referral.schema[node.field].isGroup {
                let fields = referral.children(of: UInt32(index)).map { referral.nodes[Int($0)].field }
                for field in Set(fields) where !referral.schema[field].isList {
                    #expect(fields.count { $0 == field } == 1, "\(referral.schema[field].path)")
                }
                for field in fields { #expect(referral.schema[field].parent == node.field) }
            }
        }
    }

    // MARK: Privacy

    @Test("no value of a document is in anything said of it", arguments: TranslationSamples.all)
    func noValues(_ sample: TranslationSamples.Sample) throws {
        let translator = try TranslationSamples.translator()
        let mapping = translator.translate(sample.bytes).mappingIndex
        var random = SeededRandom(2026)
        for share in [1, 2, 4, 12] {
            for round in 0..<4 {
                let bytes = try TranslationSamples.marked(sample.bytes, document: round, oneIn: share, &random)
                if share == 1, mapping != nil { #expect(Self.marks(in: bytes) > 10) }
                for translation in [
                    translator.translate(bytes, named: "letter", with: mapping),
                    translator.translate(bytes, named: "letter"),
                ] {
                    let said = translation.rendered
                    #expect(
                        !said.contains("Zq\(round)x"), "\(said.split(separator: "\n").filter { $0.contains("Zq") })")
                }
                let cut = Array(bytes.prefix(bytes.count - random.next(below: bytes.count / 2)))
                #expect(!translator.translate(cut, named: "letter").rendered.contains("Zq\(round)x"))
            }
        }
    }

    private static func marks(in bytes: [UInt8]) -> Int {
        String(decoding: bytes, as: UTF8.self).matches(of: /Zq\d+x\d+Z/).count
    }

    // MARK: One document's data never in another's

    @Test("a thousand documents through one translator come out as from a fresh one each")
    func interleaved() throws {
        let shared = try TranslationSamples.translator(isDetailed: true)
        let samples = TranslationSamples.all
        var random = SeededRandom(77)
        var marks = 0
        for number in 0..<1000 {
            let sample = samples[random.next(below: samples.count)]
            var bytes = try TranslationSamples.marked(
                sample.bytes, document: number, oneIn: 1 + random.next(below: 6), &random,
                sparing: ["resourceType", "module", "code", "codeSystem", "root", "classCode"])
            if random.next(below: 10) == 0 { bytes.removeLast(random.next(below: bytes.count)) }
            let fresh = try TranslationSamples.translator(isDetailed: true).translate(
                bytes, named: sample.testDescription)
            let reused = shared.translate(bytes, named: sample.testDescription)
            #expect(reused.parts.count == fresh.parts.count)
            #expect(reused.findings == fresh.findings, "\(sample.testDescription)")
            #expect(reused.coverage == fresh.coverage)
            for part in reused.parts.indices where part < fresh.parts.count {
                let json = reused.json(part: part)
                #expect(json == fresh.json(part: part), "\(sample.testDescription)")
                #expect(reused.parts[part].origins == fresh.parts[part].origins)
                for mark in json.matches(of: /Zq(\d+)x/) {
                    #expect(Int(mark.1) == number)
                    marks += 1
                }
            }
        }
        #expect(marks > 5000, "too few values went through for this to mean anything")
    }

    // MARK: Totality

    @Test("whatever is done to a document, it ends in a translation that says why", arguments: TranslationSamples.all)
    func fuzz(_ sample: TranslationSamples.Sample) throws {
        let translator = try TranslationSamples.translator()
        let mapping = translator.translate(sample.bytes).mappingIndex
        var random = SeededRandom(UInt64(sample.bytes.count))
        for round in 0..<120 {
            let bytes = Self.mutate(sample.bytes, &random)
            let translation = translator.translate(bytes, named: "letter", with: round % 2 == 0 ? mapping : nil)
            #expect(!translation.parts.isEmpty || translation.outcome == .refused)
            for finding in translation.findings { #expect(!finding.code.entry.why.isEmpty, "\(finding.code)") }
            for index in translation.parts.indices { #expect(translation.json(part: index).hasPrefix("{")) }
        }
    }

    static func mutate(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var result = bytes
        for _ in 0...random.next(below: 3) where !result.isEmpty {
            let start = random.next(below: result.count)
            let end = min(result.count, start + 1 + random.next(below: 40))
            switch random.next(below: 6) {
            case 0: result[start] ^= UInt8(1 << random.next(below: 8))
            case 1: result.removeLast(result.count - start)
            case 2: result.insert(contentsOf: result[start..<end], at: start)
            case 3: result.removeSubrange(start..<end)
            case 4: result[start] = [0x00, 0x22, 0x3C, 0x3E, 0x26, 0x7B, 0x5D, 0xFF, 0xC3][random.next(below: 9)]
            default: result.replaceSubrange(start..<end, with: bytes[0..<min(bytes.count, 30)])
            }
        }
        return result
    }
}
