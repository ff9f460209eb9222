import Testing

@testable import SourceDocuments

/// Plain paths compared with a literal, which are judged without the stack.
@Suite("paths compared with a literal")
struct PathLiteralsTests {
    private static let letter = """
        <Letter><Entry><Code code="x"/><Code code="GOAL"/><Code code="y"/><Title>a<b>b</b></Title></Entry>
        <Entry><Code code="REASON"/><Title>c</Title></Entry><Entry/></Letter>
        """

    @Test(
        "any node that holds the text is enough",
        arguments: [
            ("Entry[Code/@code = 'GOAL']", ["/Letter/Entry[1]"]), ("Entry[Code/@code = 'none']", []),
            ("Entry[Title = 'ab']", ["/Letter/Entry[1]"]), ("Entry[Title/b = 'b']", ["/Letter/Entry[1]"]),
            ("Entry[*/@code = 'REASON']", ["/Letter/Entry[2]"]), ("Entry[Nothing/@code = '']", []),
            ("Entry[not(Code/@code = 'x' or Code/@code = 'REASON')]", ["/Letter/Entry[3]"]),
            ("Entry/Code[@code = 'y']", ["/Letter/Entry[1]/Code[3]"]),
        ])
    func selection(path: String, expected: [String]) throws {
        var bench = PathBench(Self.letter, PathContext(language: .xpath), as: .xml)
        #expect(try bench.select(path) == expected)
    }

    @Test("what stands after the first that holds it is not looked at")
    func marks() throws {
        var bench = PathBench(Self.letter, PathContext(language: .xpath), as: .xml)
        _ = try bench.select("Entry[1][Code/@code = 'GOAL']")
        let codes = try bench.nodes("Entry[1]/Code/@code")
        #expect(codes.map { bench.evaluator.marks[Int($0)] } == [1, 1, 0])
    }
}
