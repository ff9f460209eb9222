import DurableFiles
import Foundation
import Intake
import Testing
import Simulation

@Suite("Folder source under load")
struct FloodTests {
    @Test("20,000 waiting files are taken in order, in small batches and bounded memory")
    func flood() throws {
        let folder = try RealFolder(keepsArrivals: false)
        let text = [UInt8](repeating: 0x20, count: 2_000)
        for number in 0..<20_000 {
            try folder.write(Array("n\(100_000 + number * 7919 % 20_000).xml".utf8), Array("\(number)".utf8) + text)
        }
        let source = folder.source()
        _ = try folder.rounds(source, 2)
        let before = Self.residentBytes()
        let start = Date()
        var names: [String] = []
        var summary = RoundSummary()
        repeat {
            folder.clock.advance(milliseconds: 6_000)
            summary = try source.round()
            names += summary.ends.map(\.name)
        } while summary.isMore
        let seconds = Date().timeIntervalSince(start)
        let grown = Self.residentBytes() - before
        print(
            "flood: \(names.count) files in \(seconds) s, \(Int(Double(names.count) / seconds)) a second; \(grown >> 20) MB more"
        )
        #expect(names.count == 20_000)
        #expect(names == names.sorted())
        #expect(folder.receiver.batches.allSatisfy { $0 <= SourceSettings().batchDocuments })
        #expect(grown < 128 << 20)
    }

    static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    }
}
