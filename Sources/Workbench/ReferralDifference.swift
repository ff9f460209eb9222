import Reporting
import SourceDocuments

/// The differences between two JSON documents, value by value.
package struct ReferralDifference: Sendable {
    package struct Change: Sendable, Hashable {
        package enum Kind: String, Sendable, CaseIterable {
            /// Was there, is gone.
            case lost
            case changed
            /// Was empty, is there.
            case filled
        }

        package var kind: Kind
        /// Path without the leading `$.`.
        package var path: String
        package var old: String?
        package var new: String?
    }

    package var changes: [Change] = []

    /// - Parameter ignoring: Paths whose difference is of no interest, with everything below them.
    package static func between(_ old: [UInt8], _ new: [UInt8], ignoring: [String] = []) -> ReferralDifference {
        let before = values(of: old)
        let after = values(of: new)
        var difference = ReferralDifference()
        let newByPath = Dictionary(after, uniquingKeysWith: { first, _ in first })
        let oldPaths = Set(before.map(\.0))
        for (path, value) in before where !isIgnored(path, ignoring) {
            if newByPath[path] == nil {
                difference.changes.append(Change(kind: .lost, path: path, old: value))
            } else if newByPath[path] != value {
                difference.changes.append(Change(kind: .changed, path: path, old: value, new: newByPath[path]))
            }
        }
        for (path, value) in after where !oldPaths.contains(path) && !isIgnored(path, ignoring) {
            difference.changes.append(Change(kind: .filled, path: path, new: value))
        }
        return difference
    }

    private static func isIgnored(_ path: String, _ ignoring: [String]) -> Bool {
        ignoring.contains { path == $0 || path.hasPrefix($0 + ".") || path.hasPrefix($0 + "[") }
    }

    /// Every plain value of a JSON document with its path; of several documents, one a line, with the place of the line before it.
    static func values(of json: [UInt8]) -> [(String, String)] {
        if let values = valuesOfOne(json[...]) { return values }
        return json.split(separator: 0x0A).enumerated().flatMap { index, line in
            (valuesOfOne(line) ?? []).map { ("[\(index)].\($0)", $1) }
        }
    }

    private static func valuesOfOne(_ json: ArraySlice<UInt8>) -> [(String, String)]? {
        var document = SourceDocument()
        var findings: [Finding] = []
        guard DocumentReader().read(Array(json), as: .json, into: &document, reporting: &findings) else { return nil }
        var result: [(String, String)] = []
        for node in 1..<NodeID(document.nodes.count) {
            guard let range = document.ownValue(node) else { continue }
            let path = document.path(of: node)
            result.append((String(path.dropFirst(path.hasPrefix("$.") ? 2 : 1)), document.text(range)))
        }
        return result
    }
}
