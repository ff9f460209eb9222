import Testing

@testable import SourceDocuments

@Suite("names as numbers")
struct SymbolTableTests {
    @Test("a name has one number in each namespace, whatever its length")
    func numbers() {
        var table = SymbolTable()
        let names = ["", "a", "ab", "abcdefg", "abcdefgh", "abcdefghi", "abcdefgi", String(repeating: "x", count: 100)]
        for namespace in ["", "urn:a", "urn:b"] {
            for name in names.dropFirst() {
                let symbol = table.intern(name, namespace: namespace)
                #expect(table.intern(name, namespace: namespace) == symbol)
                #expect(table.name(symbol) == name && table.namespace(symbol) == namespace)
            }
        }
        let all = Set(
            ["", "urn:a", "urn:b"].flatMap { space in names.dropFirst().map { table.intern($0, namespace: space) } })
        #expect(all.count == 21)
    }

    @Test("a copy means the same, and forgetting gives the numbers back")
    func forgetting() {
        var table = SymbolTable()
        let known = table.intern("known", namespace: "u")
        let count = table.count
        var copy = table
        for index in 0..<5000 { _ = copy.intern("new\(index)") }
        #expect(copy.intern("known", namespace: "u") == known)
        copy.forget(past: count)
        #expect(copy.count == count && copy.intern("known", namespace: "u") == known)
        #expect(copy.symbol(of: Array("new7".utf8).span) == nil)
    }

    @Test("the same name without its namespace")
    func plain() {
        var table = SymbolTable()
        let symbol = table.intern("Patient", namespace: "urn:f")
        let plain = table.plain(symbol)
        #expect(table.name(plain) == "Patient" && table.namespace(plain) == "" && plain == table.intern("Patient"))
        #expect(table.plain(plain) == plain)
    }

    @Test("a name tried first as the follower of another is the same as when it is looked up")
    func followers() {
        let names = [
            "system", "code", "code", "display", "a", "b", "", "reference", "referents", "longNameWithOneMiddleOfIt",
            "longNameWithTwoMiddleOfIt", "sixteen-letters!", "sixteen-lettersx", "system", "value", "system", "code",
        ]
        var table = SymbolTable()
        var plain = table
        var previous = SymbolTable.none
        for name in names + names {
            let bytes = Array(name.utf8)
            let symbol = table.intern(bytes.span, after: previous)
            #expect(symbol == plain.intern(bytes.span), "\(name)")
            #expect(table.name(symbol) == name)
            previous = symbol
        }
    }

    @Test("a follower that was forgotten is not taken for the name that has its number now")
    func forgottenFollowers() {
        var table = SymbolTable()
        let first = table.intern("first")
        let known = table.count
        _ = table.intern(Array("second".utf8).span, after: first)
        table.forget(past: known)
        let other = table.intern("other")
        let again = table.intern(Array("second".utf8).span, after: first)
        #expect(table.name(again) == "second")
        #expect(table.name(other) == "other")
    }
}
