import Foundation
import Mappings
import SourceDocuments
import Testing

/// Large documents and many of them: memory stays within bounds. Nothing here is timed.
@Suite("Bounds", .serialized)
struct HostileTests {
    static let megabyte = 1 << 20

    /// The built executable.
    static let executable: URL = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let folders = [own, CommandLine.arguments[0]].map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        let inPackage = Shipped.package.appendingPathComponent(".build/debug")
        let files = (folders + [inPackage]).map { $0.appendingPathComponent("linkway") }
        return files.first { FileManager.default.isExecutableFile(atPath: $0.path) }
            ?? inPackage.appendingPathComponent("linkway")
    }()

    struct Measured {
        var status: Int
        var peak: Int
        var out: String
        var error: String
    }

    private func measure(_ arguments: [String], in scratch: Scratch) throws -> Measured {
        let (out, error) = (scratch.place("out"), scratch.place("error"))
        let line = try Python.run(
            [Python.tool("measured.py"), out.path, error.path, Self.executable.path] + arguments, in: scratch.folder)
        let numbers = line.split(separator: " ").compactMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        try #require(numbers.count == 2)
        return Measured(
            status: numbers[0], peak: numbers[1], out: String(decoding: try Data(contentsOf: out), as: UTF8.self),
            error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
    }

    @Test("a document of 100 MB is refused from its size, before it is read", .enabled(if: Python.isThere))
    func tooLarge() throws {
        let scratch = try Scratch()
        let file = scratch.place("large.xml")
        try Data("<r:Referral xmlns:r=\"urn:example\">".utf8).write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(100 * Self.megabyte))
        try handle.close()
        let mappings = Shipped.package.appendingPathComponent("mappings").path
        let small = try measure(
            [
                "map", "--mappings", mappings,
                Shipped.package.appendingPathComponent("samples/riverside-xml/minimal.xml").path,
            ], in: scratch)
        let large = try measure(["map", "--mappings", mappings, file.path], in: scratch)
        #expect(small.status == 0)
        #expect(large.status == 65 && large.out.isEmpty)
        #expect(large.error.contains("104857600 bytes") && large.error.contains("the limit is 20 MB"), "\(large.error)")
        #expect(large.peak < small.peak + 20 * Self.megabyte, "\(large.peak) bytes beside \(small.peak)")
    }

    @Test("a document of 100 MB within a raised limit is read in a few times its size", .enabled(if: Python.isThere))
    func large() throws {
        let scratch = try Scratch()
        let size = try writeLarge(to: scratch.place("inbox/large.json"))
        #expect(size > 100_000_000)
        let mappings = Shipped.package.appendingPathComponent("mappings").path
        try Data(
            """
            linkway: 1
            mappings: \(mappings)
            largest-document: 200MB
            settle: 0s
            sources: [ { name: a, folder: inbox } ]
            routes: [ { name: b, queue: queue } ]
            """.utf8
        ).write(to: scratch.place("linkway.yaml"))
        let run = try measure(["run", "--once", "--config", "linkway.yaml"], in: scratch)
        #expect(run.status == 0, "\(run.error)")
        #expect(try scratch.names(in: "queue/ready").count == 1)
        #expect(run.peak < 4 * size, "\(run.peak) bytes for \(size)")
        print("a document of \(size / 1_000_000) MB took \(run.peak / 1_000_000) MB")
    }

    /// A referral with ten attachments of ten megabytes.
    private func writeLarge(to file: URL) throws -> Int {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let text = String(decoding: try Shipped.sample("fhir-bars/minimal.json"), as: UTF8.self)
        let opening = try #require(text.firstRange(of: "\"entry\": ["))
        let attachment = String(repeating: "QUJD", count: 10_000_000 / 4)
        var bytes = Data(text[..<opening.upperBound].utf8)
        for index in 0..<10 {
            bytes += Data(
                """
                {"fullUrl":"urn:uuid:00000000-0000-4000-8000-00000000000\(index)","resource":{"resourceType":"DocumentReference",\
                "status":"current","content":[{"attachment":{"contentType":"application/pdf","data":"
                """.utf8)
            bytes += Data(attachment.utf8) + Data("\"}}]}},".utf8)
        }
        bytes += Data(text[opening.upperBound...].utf8)
        try bytes.write(to: file)
        return bytes.count
    }

    @Test("ten thousand documents one after another leave nothing behind")
    func many() throws {
        let samples = try ["riverside-xml/minimal.xml", "riverside-json/minimal.json", "riverside-xml/unread-risk.xml"]
            .map(Shipped.sample)
        let translator = try Shipped.translator()
        var first: [String] = []
        for sample in samples { first += translator.translate(sample).canonical }
        for index in 0..<300 { _ = translator.translate(samples[index % samples.count]) }
        let before = Footprint(translator)
        for index in 0..<10_000 { _ = translator.translate(samples[index % samples.count]) }
        let after = Footprint(translator)
        #expect(after.symbols == before.symbols && after.nodes == before.nodes && after.texts == before.texts)
        #expect(after.memory < before.memory + 400 * Self.megabyte)
        #expect(samples.flatMap { translator.translate($0).canonical } == first)
    }

    @Test("names that no mapping knows are forgotten in time")
    func names() throws {
        let translator = try Shipped.translator()
        var most = 0
        for index in 0..<600 {
            let text = "<a>" + (0..<100).map { "<n\(index)x\($0)/>" }.joined() + "</a>"
            _ = translator.translate(Array(text.utf8))
            most = max(most, translator.document.symbols.count)
        }
        #expect(most < Shipped.set.symbols.count + 21_000)
    }

    /// What a translator holds on to.
    private struct Footprint {
        let symbols: Int
        let nodes: Int
        let texts: Int
        let memory: Int

        init(_ translator: Translator) {
            let document = translator.document
            symbols = document.symbols.count
            nodes = document.nodes.capacity
            texts = document.side.capacity + document.source.capacity
            let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
                .dropFirst().first
            memory = (pages.flatMap { Int($0) } ?? 0) * 4096
        }
    }
}
