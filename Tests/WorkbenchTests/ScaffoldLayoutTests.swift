import Mappings
import Reporting
import SourceDocuments
import Testing

@testable import Workbench

@Suite("The layout of a scaffold")
struct ScaffoldLayoutTests {
    @Test("an address of which only the postcode is known is a list that can be read")
    func addressOfOnePart() throws {
        let letter = """
            <Letter><Subject><Surname>Lowe</Surname><DOB>14/02/1968</DOB><Addr><PostCode>LS1 4AP</PostCode></Addr></Subject></Letter>
            """
        var document = SourceDocument()
        var findings: [Finding] = []
        try #require(
            DocumentReader().read(Array(letter.utf8), named: "letter.xml", into: &document, reporting: &findings))
        var inventory = Inventory()
        inventory.add(document)
        let text = Scaffold(inventory, name: "first", samples: ["letter.xml"]).text
        #expect(text.contains("addresses:\n"))
        #expect(MappingParser.parse(text, named: "first.yaml", reporting: &findings) != nil)
        #expect(findings.isEmpty)
    }

    @Test("short names and a date with the month's name are known")
    func shortNames() throws {
        let letter = """
            <rec><pat><nhsno>9990004110</nhsno><sname>Lowe</sname><fname>Ada</fname><dob>07-Nov-1951</dob>\
            <addr1>4 Mill Lane</addr1><addr2>Fenbury</addr2><pcode>LS1 4AP</pcode><tel>0113 496 0470</tel>\
            <mob>07700 900000</mob></pat></rec>
            """
        var document = SourceDocument()
        var findings: [Finding] = []
        try #require(
            DocumentReader().read(Array(letter.utf8), named: "letter.xml", into: &document, reporting: &findings))
        var inventory = Inventory()
        inventory.add(document)
        let text = Scaffold(inventory, name: "first", samples: ["letter.xml"]).text
        #expect(text.contains(#"birthDate: { from: "pat/dob", as: date, format: "dd-MMM-yyyy" }"#), "\(text)")
        #expect(!text.contains("# unmapped"), "\(text)")
        for name in ["nhsno", "sname", "fname", "addr1", "addr2", "pcode", "tel", "mob"] {
            #expect(text.contains("\"pat/\(name)\""), "\(name)")
        }
    }
}
