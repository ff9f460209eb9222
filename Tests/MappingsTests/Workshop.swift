import Reporting
import Testing

@testable import Mappings

/// A text with marks ① ② … that show where something is meant; the marks are no part of the text.
struct MarkedText: Sendable {
    let text: String
    /// Line and column of the character after each mark, in the order of the marks' numbers.
    let places: [SourcePosition]

    static let marks: [Unicode.Scalar] = ["①", "②", "③", "④", "⑤", "⑥", "⑦"]

    init(_ marked: String) {
        var plain = String.UnicodeScalarView()
        var found: [Int: SourcePosition] = [:]
        var (line, column) = (1, 1)
        for scalar in marked.unicodeScalars {
            if let number = Self.marks.firstIndex(of: scalar) {
                found[number] = SourcePosition(line: line, column: column)
                continue
            }
            plain.append(scalar)
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        text = String(plain)
        places = found.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// Compiling mappings that stand in a test.
enum Workshop {
    static let tables = [
        "sex": "from,to\nM,male\nF,female\nX,\n",
        "needs":
            "from,to,key,system,display\n01,160734000,urn:local,http://snomed.info/sct,Lives alone\n02,105531004,,http://snomed.info/sct,Housing\n",
        "urgency": "from,to\nR,routine\nU,urgent\n",
        "yes-no": "from,to\nY,yes\nN,no\n",
    ]

    /// Everything there is to say about a mapping, and what came of it.
    static func compile(_ text: String, tables: [String: String] = Self.tables) -> (
        set: MappingSet, findings: [Finding]
    ) {
        var findings: [Finding] = []
        var set = MappingSet()
        if var mapping = MappingParser.parse(text, named: "north.yaml", reporting: &findings) {
            var compiled: [String: CodeTable] = [:]
            for name in mapping.tables.map(\.text) {
                guard let csv = tables[name] else { continue }
                compiled[name] =
                    CodeTable.parse(Array(csv.utf8), named: "\(name).csv", reporting: &findings)
                    ?? .unreadable(named: "\(name).csv")
            }
            mapping.isFaulty = findings.worst == .error
            set.add(mapping, tables: compiled, reporting: &findings)
        }
        return (set, findings)
    }

    /// A whole mapping for XML around some fields of the person and of the map.
    static func xml(person: String = "", map: String = "", foot: String = "") -> String {
        """
        mapping: north
        version: 1
        source: { format: xml, root: "r:Referral", namespaces: { r: "urn:example:north" } }
        target: referral/1
        tables: [ sex, needs, urgency, yes-no ]
        map:
          person:
            name: { family: { from: "r:Surname" } }
            birthDate: { from: "r:DOB" }
        \(indented(person, by: 4))\(indented(map, by: 2))\(foot.isEmpty ? "" : foot + "\n")
        """
    }

    static func json(_ map: String) -> String {
        """
        mapping: north
        version: 1
        source: { format: json, when: "$.patient" }
        target: referral/1
        map:
          person:
            name: { family: { from: "$.patient.surname" } }
            birthDate: { from: "$.patient.dob" }
        \(indented(map, by: 2))
        """
    }

    static func fhir(_ map: String) -> String {
        """
        mapping: north
        version: 1
        source: { format: fhir, root: Bundle }
        target: referral/1
        systems: { nhs: [ "https://fhir.nhs.uk/Id/nhs-number" ] }
        map:
          person:
            at: "Bundle.entry.resource.ofType(Patient)"
            name: { family: { from: "name.family" } }
            birthDate: { from: "birthDate" }
        \(indented(map, by: 2))
        """
    }

    static func indented(_ lines: String, by count: Int) -> String {
        let margin = String(repeating: " ", count: count)
        return lines.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.isEmpty }
            .map { margin + $0 + "\n" }.joined()
    }
}
