import Foundation
import Testing

/// docs/safety/hazard-log.md names tests as proofs: they must exist.
@Suite("the hazard log")
struct HazardLogTests {
    private func page() throws -> String {
        let file = Repository.folder.appendingPathComponent("docs/safety/hazard-log.md")
        // A name may run over the end of a line.
        return try String(contentsOf: file, encoding: .utf8).replacing(/\n +/, with: " ")
    }

    /// The display names of all tests of the repository.
    static let names: Set<String> = {
        let tests = Repository.folder.appendingPathComponent("Tests")
        var names: Set<String> = []
        for file in FileManager.default.enumerator(atPath: tests.path)?.compactMap({ $0 as? String }) ?? []
        where file.hasSuffix(".swift") {
            let text = (try? String(contentsOf: tests.appendingPathComponent(file), encoding: .utf8)) ?? ""
            for match in text.matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"/) { names.insert(String(match.1)) }
        }
        return names
    }()

    @Test("every test it names exists")
    func tests() throws {
        let quoted = try page().matches(of: /“([^”]+)”/).map { String($0.1) }.filter { $0 != "quotation marks" }
        #expect(quoted.count > 50)
        for name in quoted { #expect(Self.names.contains(name), "there is no test “\(name)”") }
    }

    @Test("every hazard has cause, effect, severity, a control with its test, and what stays", arguments: 1...13)
    func hazards(_ number: Int) throws {
        let parts = try page().components(separatedBy: "\n## H")
        let part = try #require(parts.first { $0.hasPrefix("\(number) ") }, "H\(number) is missing")
        for word in ["**Cause**", "**Effect**", "**Severity**", "**What stays**", "“"] {
            #expect(part.contains(word), "H\(number) says nothing of \(word)")
        }
    }

    @Test("no approval or conformance is claimed")
    func claims() throws {
        let page = try page()
        #expect(page.contains("not assessed"))
        for claim in ["DCB0129 compliant", "clinically approved", "conforms to DCB", "approved by"] {
            #expect(!page.localizedCaseInsensitiveContains(claim), "\(claim)")
        }
    }
}
