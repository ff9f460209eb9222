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
}
