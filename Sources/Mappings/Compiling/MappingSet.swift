package import Referrals
package import Reporting
package import SourceDocuments

/// Mappings that were compiled together: they share one table of names, so that a document is read once and then recognised.
package struct MappingSet: Sendable {
    package private(set) var mappings: [CompiledMapping] = []
    package private(set) var symbols = SymbolTable()
    package let schema: Schema
    /// Only of use while mappings are added.
    private var paths = PathCache()

    package init(schema: Schema = .referral) { self.schema = schema }

    /// Compiles a mapping into the set.
    /// - Parameter tables: The code tables it may name.
    /// - Returns: Whether it was added; if not, at least one error was reported.
    @discardableResult
    package mutating func add(
        _ mapping: Mapping, tables: [String: CodeTable], reporting findings: inout [Finding]
    ) -> Bool {
        if mapping.isAbstract { return true }
        if let other = mappings.first(where: { $0.name == mapping.name.text }) {
            findings.append(
                Finding(
                    "mapping-name-twice", .error, "another mapping has the name `\(mapping.name.text)`",
                    at: mapping.name.place.location, help: "rename one of the two",
                    rule: other.mapping.name.place.location))
            return false
        }
        guard
            let compiled = MappingCompiler.compile(
                mapping, tables: tables, schema: schema, symbols: &symbols, paths: &paths,
                reporting: &findings)
        else { return false }
        if mapping.isFaulty { return false }
        mappings.append(compiled)
        return true
    }

    /// The set for one who only translates; see ``CompiledMapping/withoutWritten``.
    package var compiledOnly: MappingSet {
        var result = self
        result.mappings = mappings.map(\.withoutWritten)
        result.paths = PathCache()
        return result
    }

    package func index(named name: String) -> Int? { mappings.firstIndex { $0.name == name } }

    /// The mappings a document could be read by, judged by its content: format, root, then conditions.
    package func candidates(for document: inout SourceDocument, with evaluator: inout PathEvaluator) -> [Int] {
        guard let root = document.root else { return [] }
        let node = document.nodes[Int(root)]
        let name = document.format == .fhir ? node.resourceType : node.name
        var result: [Int] = []
        for (index, mapping) in mappings.enumerated() where mapping.format == document.format {
            if let wanted = mapping.root, wanted != name { continue }
            if mapping.conditions.allSatisfy({ evaluator.test($0, from: root, in: &document) }) { result.append(index) }
        }
        return result
    }
}
