import Reporting
import Testing

@testable import Mappings

@Suite("Code tables, whatever arrives")
struct TableFuzzTests {
    @Test("any bytes are a table or findings with a place, and every row of a table is found")
    func anyBytes() {
        var random = SeededGenerator(state: 4_180)
        let signs = Array("from,to,key\"\"\n\r,ab \u{FEFF}é;".utf8) + [0xFF, 0x00]
        for round in 0..<20_000 {
            var source = Array("from,to,key,note\nM,male,\"a\"\"b\",\nF,\"fe\nmale\",,x\r\nM,,,\n".utf8)
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let place = Int.random(in: 0...source.count, using: &random)
                let sign = signs.randomElement(using: &random) ?? 0
                switch Int.random(in: 0..<3, using: &random) {
                case 0 where place < source.count: source.remove(at: place)
                case 1 where place < source.count: source[place] = sign
                default: source.insert(sign, at: place)
                }
            }
            var findings: [Finding] = []
            let table = CodeTable.parse(source, named: "t.csv", reporting: &findings)
            let isSound =
                (table == nil) == (findings.worst == .error) && findings.allSatisfy { $0.location?.position != nil }
            if !isSound || !(table.map(everyRowIsFound) ?? true) { Issue.record("\(round): \(source)") }
        }
    }

    private func everyRowIsFound(_ table: CodeTable) -> Bool {
        (0..<table.count).allSatisfy { row in
            let (from, key) = (Array(table.bytes[table.from(row)]), Array(table.bytes[table.key(row)]))
            return table.lookup(from.span, key: key.span) == row
        }
    }
}
