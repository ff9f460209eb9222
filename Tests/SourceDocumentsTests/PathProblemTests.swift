import Testing

@testable import SourceDocuments

@Suite("paths that are refused")
struct PathProblemTests {
    private static let contexts: [PathLanguage: PathContext] = [
        .xpath: PathContext(
            language: .xpath, namespaces: ["r": "urn:example:gp:referral:3"], systems: ["ods": ["urn:ods"]]),
        .jsonPath: PathContext(language: .jsonPath),
        .fhirPath: PathContext(language: .fhirPath, systems: ["ods": ["urn:ods"]], rootName: "Bundle"),
    ]

    /// Language, path, offset of the problem, a part of the message, a part of the help.
    static let cases: [(PathLanguage, String, Int, String, String)] = [
        (.xpath, "r:Header/Priority", 9, "an unprefixed step never matches", "write `r:Priority`"),
        (.xpath, "q:Header", 0, "the prefix `q` is not declared", "did you mean `r`?"),
        (.xpath, "r:x[@t='a", 7, "the quote that opens here is never closed", "double quotes"),
        (.xpath, "r:x[", 4, "the path stops", "double quotes"),
        (.xpath, "r:x[startswith(.,'a')]", 4, "no function `startswith`", "did you mean `starts-with`?"),
        (.xpath, "concat(r:a,'b')", 0, "this gives a text", "converter"),
        (.xpath, "r:a = 'b'", 0, "this gives yes or no", "when:"),
        (.xpath, "r:a[@system=$odz]", 13, "`odz` is not one of the mapping's `systems`", "did you mean `ods`?"),
        (.xpath, "r:a == 'b'", 4, "one `=`", "write `=`"),
        (.xpath, "r:a/text()/..", 11, "a path ends at `text()`", "leave `text()` out"),
        (.xpath, "folowing::r:a", 0, "no axis `folowing`", "lists"),
        (.xpath, "id('x')", 0, "`id` is not supported", "@id"),
        (.xpath, "r:a)", 3, "the end of the path", ""),
        (.xpath, "r:a[contains(.)]", 4, "takes 2 arguments, not 1", ""),
        (.xpath, "", 0, "empty", ""),
        (.xpath, String(repeating: "(", count: 100) + "r:a", 60, "nested too deep", ""),
        (.jsonPath, "patient.dob", 0, "begins with `$` or `@`", "write `$.name`"),
        (.jsonPath, "$.a[?@.b='c']", 8, "two `=`", "write `==`"),
        (.jsonPath, "$.a[?match(@.b,'c')]", 5, "not supported", "=="),
        (.jsonPath, "$.birth-date", 7, "stands in brackets", "['birth-"),
        (.jsonPath, "$.a[?lenght(@.b)==1]", 5, "no function `lenght`", "did you mean `length`?"),
        (.jsonPath, "$.a['b", 4, "never closed", "double quotes"),
        (.fhirPath, "Bundle.entry.resouce()", 13, "no function `resouce`", ""),
        (.fhirPath, "Bundle.entry.were(a)", 13, "no function `were`", "did you mean `where`?"),
        (.fhirPath, "Observation.valueQuantity", 12, "without its type", "write `value.ofType(Quantity)`"),
        (.fhirPath, "entry.resource.ofType(Pateint)", 22, "no type `Pateint`", "did you mean `Patient`?"),
        (.fhirPath, "name.given.matches('a')", 11, "not supported", "regular expression"),
        (.fhirPath, "birthDate < today()", 12, "not supported", "the time"),
        (.fhirPath, "name.where(use = \"official\")", 17, "single quotes", ""),
        (.fhirPath, "name.where(use == 'official')", 15, "one `=`", ""),
        (.fhirPath, "identifier.where(system = %odz)", 27, "`odz` is not one", "did you mean `ods`?"),
        (.fhirPath, "name.given.exists()", 0, "yes or no", "when:"),
        (.fhirPath, "Bundel.entry", 0, "no resource `Bundel`", "did you mean `Bundle`?"),
        (.fhirPath, "name.given[first]", 11, "an index is a whole number", ""),
        (.fhirPath, "1 + 1", 2, "does not reckon", ""),
    ]

    @Test("each with its place, its reason and its help", arguments: cases)
    func refused(_ language: PathLanguage, _ text: String, _ offset: Int, _ message: String, _ help: String) throws {
        var symbols = SymbolTable()
        let before = symbols.count
        let context = try #require(Self.contexts[language])
        guard case .failure(let problem) = Path.compile(text, in: context, symbols: &symbols) else {
            Issue.record("accepted: \(text)")
            return
        }
        #expect(problem.message.contains(message), "\(problem)")
        #expect(help.isEmpty || problem.help?.contains(help) == true, "\(problem)")
        #expect(problem.offset == offset, "\(problem)")
        #expect(symbols.count == before, "a refused path adds no names")
    }

    @Test("a condition may be what a path may not")
    func conditions() throws {
        var symbols = SymbolTable()
        for (language, text) in [
            (PathLanguage.xpath, "r:a = 'b' and not(r:c)"), (.xpath, "r:a"), (.jsonPath, "?@.a == 'b'"),
            (.jsonPath, "$.a.b"),
            (.jsonPath, "$.a == 'x' && @.b"), (.fhirPath, "name.exists()"), (.fhirPath, "name"),
        ] {
            let context = try #require(Self.contexts[language])
            _ = try Path.compileCondition(text, in: context, symbols: &symbols).get()
        }
    }
}
