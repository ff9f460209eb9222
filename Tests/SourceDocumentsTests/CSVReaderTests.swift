import Testing

@testable import Reporting
@testable import SourceDocuments

@Suite("reading tables of comma-separated values")
struct CSVReaderTests {
    static let head = "Family name,Given name,NHS number\r\n"

    @Test("a row is an object, named by the first line; rows are counted as a spreadsheet counts")
    func rows() {
        let reading = Reading(Self.head + "Ashworth,Aisha,9990000018\r\n,,\r\nMarsh,\"Odette \"\"Etta\"\"\",\r\n")
        #expect(reading.document.format == .csv && reading.found.isEmpty)
        #expect(
            reading.lines.filter { $0.contains("=") } == [
                "row[2]/Family name = Ashworth", "row[2]/Given name = Aisha", "row[2]/NHS number = 9990000018",
                "row[4]/Family name = Marsh", "row[4]/Given name = Odette \"Etta\"", "row[4]/NHS number = ",
            ])
    }

    @Test("line ends, marks around values and a byte order mark do not matter", arguments: ["\r\n", "\n", "\r"])
    func lineEnds(_ end: String) {
        let text = ["\"Family name\",Given name,\"Note\"", "Ashworth,\"Aisha\",\"one, two\(end)three\"", ""]
        let plain = Reading(text.joined(separator: end)).lines
        #expect(plain.last == "row[2]/Note = one, two\(end)three")
        #expect(Reading("\u{FEFF}" + text.joined(separator: end)).lines == plain)
    }

    @Test("places point at the value")
    func places() {
        let document = Reading(Self.head + "A,B,\"99\"\n").document
        let node = NodeID(document.nodes.count - 1)
        #expect(document.location(of: node).position == SourcePosition(line: 2, column: 6))
    }

    @Test(
        "what hides where a row ends or which column is meant refuses the table",
        arguments: [
            ("A,B,C\n1,2\"2,3\n", "csv-malformed 2:4"), ("A,B,C\n1,\"2\"2,3\n", "csv-malformed 2:6"),
            ("A,B,C\n1,\"2,3\n", "csv-malformed 2:3"), ("A,,C\n1,2,3\n", "csv-header 1:3"),
            ("A,B,A\n1,2,3\n", "csv-header 1:5"),
        ])
    func faults(_ text: String, _ fault: String) {
        let reading = Reading(text, as: .csv)
        #expect(reading.found == [fault] && reading.document.nodes.isEmpty)
    }

    @Test("a row that does not fit the columns is left out by its number, and the others stay")
    func ragged() {
        let reading = Reading(Self.head + "Ashworth,Aisha\r\nMarsh,Odette,9990001200,x\r\nQuay,Sol,,\r\n")
        #expect(reading.found == ["csv-row-ragged 2:1", "csv-row-ragged 3:1"])
        #expect(reading.lines.filter { $0.contains("=") }.first == "row[4]/Family name = Quay")
        #expect(reading.findings.first?.message == "row 2 has 2 values for 3 columns, and was left out")
    }

    @Test(
        "prose, lists of two and single lines are no table",
        arguments: ["Dear colleague,\nplease see this person", "a,b\n1,2\n", "a,b,c", "a,b,b\n1,2,3\n", ",,\n1,2,3\n"])
    func prose(_ text: String) { #expect(Reading(text).found.first?.hasPrefix("format-unknown") == true) }

    @Test("a path is the name of a column, or JSONPath over the rows")
    func paths() throws {
        var document = Reading(Self.head + "Ashworth,Aisha,9990000018\nMarsh,Odette,\n").document
        let context = PathContext(language: .jsonPath, namesColumns: true)
        var evaluator = PathEvaluator()
        evaluator.begin(document)
        for (text, count) in [("NHS number", 2), ("$[*]", 2), ("$[?@['Given name'] == 'Odette']", 1), ("No such", 0)] {
            let path = try Path.compile(text, in: context, symbols: &document.symbols).get()
            var nodes: [NodeID] = []
            evaluator.select(path, from: 1, in: &document, into: &nodes)
            #expect(nodes.count == count, "\(text)")
        }
    }
}
