import Foundation
import Gateway
import Mappings
import Referrals
import Reporting
import SourceDocuments
import Testing

/// The mappings that come with Linkway, and their samples.
enum Shipped {
    static let package: URL = {
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { place.deleteLastPathComponent() }
        return place
    }()

    static let set: MappingSet = {
        do {
            return try MappingLibrary.load(package.appendingPathComponent("mappings").path).set
        } catch {
            Issue.record("the mappings cannot be loaded: \(error)")
            return MappingSet()
        }
    }()

    static func translator(limits: Limits = .standard) throws -> Translator {
        let today = try #require(CalendarDay(year: 2026, month: 6, day: 1))
        return Translator(set, options: Translator.Options(today: today), limits: limits)
    }

    static func sample(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: package.appendingPathComponent("samples").appendingPathComponent(path)))
    }

    static func index(_ name: String) throws -> Int { try #require(set.index(named: name)) }
}

extension Translation {
    /// The finding codes, each once, sorted.
    var codes: [String] { Set(findings.map(\.code.rawValue)).sorted() }

    /// Each referral as canonical JSON, a member on each line.
    var canonical: [String] {
        parts.map { part in
            var bytes: [UInt8] = []
            CanonicalJSON.write(part.referral, into: &bytes, pretty: true)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The same without `source`, which says what a referral was made from.
    var canonicalButSource: [String] { canonical.map(Self.withoutSource) }

    private static func withoutSource(_ text: String) -> String {
        var isInSource = false
        var kept: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "  \"source\": {" { isInSource = true }
            if !isInSource { kept.append(line) }
            if isInSource, line == "  }," || line == "  }" { isInSource = false }
        }
        return kept.joined(separator: "\n")
    }

    /// Everything that is said of a document, as a person and as a program would see it.
    var rendered: String {
        FindingPrinter().text(findings) + findings.map { $0.json.text() }.joined(separator: "\n")
    }
}

/// The values of some JSON by path, such as `person.addresses[0].postcode`; lists also have a `count`.
struct Facts: Sendable {
    private(set) var values: [String: String] = [:]

    init(_ json: String) throws { add(try JSONSerialization.jsonObject(with: Data(json.utf8)), "") }
    init(_ bytes: [UInt8]) throws { add(try JSONSerialization.jsonObject(with: Data(bytes)), "") }
    init(of value: Any) { add(value, "") }

    init(_ translation: Translation) throws { try self.init(try #require(translation.canonical.first)) }

    subscript(path: String) -> String? { values[path] }

    /// The values of a list of texts.
    func list(_ path: String) -> [String] {
        (0..<(Int(values["\(path).count"] ?? "") ?? 0)).compactMap { values["\(path)[\($0)]"] }
    }

    /// Paths without places in lists, without counts.
    var shapes: Set<String> {
        Set(values.keys.filter { !$0.hasSuffix(".count") }.map { $0.replacing(/\[\d+\]/, with: "") })
    }

    private mutating func add(_ value: Any, _ path: String) {
        switch value {
        case let object as [String: Any]:
            for (key, inner) in object { add(inner, path.isEmpty ? key : "\(path).\(key)") }
        case let list as [Any]:
            values["\(path).count"] = "\(list.count)"
            for (index, inner) in list.enumerated() { add(inner, "\(path)[\(index)]") }
        case let text as String: values[path] = text
        default: values[path] = "\(value)"
        }
    }
}
