import Mappings
import Reporting
import SourceDocuments

/// Changes of single values in a sample, so that one sample serves many tests.
enum SampleChange {
    /// The sample with the values at some paths replaced; `nil` when a path selects none that is written in one piece.
    static func apply(
        _ changes: [(path: Mapping.Placed, text: String)], to bytes: [UInt8], _ compiled: CompiledMapping,
        _ set: MappingSet
    ) -> [UInt8]? {
        var bytes = bytes
        for change in changes {
            guard let changed = apply(change.path.text, change.text, to: bytes, compiled, set) else { return nil }
            bytes = changed
        }
        return bytes
    }

    private static func apply(
        _ path: String, _ text: String, to bytes: [UInt8], _ compiled: CompiledMapping, _ set: MappingSet
    ) -> [UInt8]? {
        var document = SourceDocument(symbols: set.symbols)
        var findings: [Finding] = []
        guard DocumentReader().read(bytes, as: compiled.format, into: &document, reporting: &findings),
            let root = document.root,
            let node = select(path, from: root, in: &document, compiled), let range = document.ownValue(node),
            !range.isAside,
            document.source.count == bytes.count
        else { return nil }
        let isJSON = document.source.first { $0 > 0x20 } == UInt8(ascii: "{")
        return Array(bytes[..<range.start]) + escape(text, isJSON: isJSON) + Array(bytes[range.end...])
    }

    private static func select(
        _ text: String, from root: NodeID, in document: inout SourceDocument, _ compiled: CompiledMapping
    ) -> NodeID? {
        let context = compiled.pathContext
        guard case .success(let path) = Path.compile(text, in: context, symbols: &document.symbols) else { return nil }
        var evaluator = PathEvaluator()
        evaluator.begin(document)
        var nodes: [NodeID] = []
        evaluator.select(path, from: root, in: &document, into: &nodes)
        return nodes.first
    }

    private static func escape(_ text: String, isJSON: Bool) -> [UInt8] {
        if isJSON { return Array(JSONValue.string(text).text().utf8.dropFirst().dropLast()) }
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return Array(result.utf8)
    }
}
