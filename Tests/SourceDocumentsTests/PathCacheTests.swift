import Testing

@testable import SourceDocuments

@Suite("paths that several mappings have in common are compiled once")
struct PathCacheTests {
    private static let message = PathContext(language: .fhirPath, rootName: "Bundle")
    private static let written = "Bundle.entry.resource.ofType(Patient).name.family"

    @Test("the same text in an equal context gives the same program")
    func shared() throws {
        var (cache, symbols) = (PathCache(), SymbolTable())
        let first = try cache.path(Self.written, in: Self.message, symbols: &symbols).get()
        let equal = PathContext(language: .fhirPath, rootName: "Bundle")
        let second = try cache.path(Self.written, in: equal, symbols: &symbols).get()
        #expect(first.program === second.program)
    }

    @Test("another context, and a condition, give another program")
    func apart() throws {
        var (cache, symbols) = (PathCache(), SymbolTable())
        let path = try cache.path(Self.written, in: Self.message, symbols: &symbols).get()
        let others = [
            PathContext(language: .fhirPath, rootName: "Parameters"),
            PathContext(language: .fhirPath, systems: ["nhs": ["urn:a"]], rootName: "Bundle"),
        ]
        for context in others {
            #expect(try cache.path(Self.written, in: context, symbols: &symbols).get().program !== path.program)
        }
        let condition = try cache.condition(Self.written, in: Self.message, symbols: &symbols).get()
        #expect(condition.program !== path.program)
        #expect(try cache.path(Self.written, in: Self.message, symbols: &symbols).get().program === path.program)
    }

    @Test("beginnings are counted as if each path had been compiled for itself")
    func counted() throws {
        var (cache, kept, alone) = (PathCache(), SymbolTable(), SymbolTable())
        for _ in 0..<3 {
            let one = try cache.path(Self.written, in: Self.message, symbols: &kept).get()
            let other = try Path.compile(Self.written, in: Self.message, symbols: &alone).get()
            let numbers = zip(one.program.beginnings.numbers, other.program.beginnings.numbers)
            for (mine, theirs) in numbers { #expect(kept.wants(mine) == alone.wants(theirs)) }
        }
        #expect(kept.count == alone.count)
    }

    @Test("a mistake is told each time")
    func mistake() {
        var (cache, symbols) = (PathCache(), SymbolTable())
        let results = (0..<2).map { _ in cache.path("Bundle.entry.(", in: Self.message, symbols: &symbols) }
        let problems = results.map { result -> PathProblem? in
            if case .failure(let problem) = result { problem } else { nil }
        }
        #expect(problems[0] != nil && problems[0] == problems[1])
    }
}
