import SourceDocuments

/// Writes the paths of an inventory in the language of its format, as a mapping would write them.
package struct PathWriter: Sendable {
    let inventory: Inventory
    /// Prefixes by namespace.
    package let prefixes: [String: String]

    package init(_ inventory: Inventory) {
        self.inventory = inventory
        var prefixes = inventory.format == .xml ? Self.prefixes(for: inventory.namespaces) : [:]
        // Beside elements that have a namespace, those without one need a prefix too.
        let isBare = inventory.shapes.contains { $0.namespace.isEmpty && !$0.isAttribute && !$0.isText }
        if !prefixes.isEmpty, isBare { prefixes[""] = "bare" }
        self.prefixes = prefixes
    }

    /// The path from the root: `r:Patient/r:DOB`, `$.patient.dob`, `entry.resource.ofType(Patient).birthDate`.
    package func path(_ shape: Int) -> String {
        let chain = inventory.chain(shape)
        if inventory.format == .csv { return chain.count < 3 ? "$[*]" : inventory.shapes[chain[2]].name }
        if inventory.format == .json { return "$" + chain.dropFirst().map { step($0) }.joined() }
        let steps = chain.dropFirst().map { step($0) }
        return steps.isEmpty ? "." : steps.joined(separator: inventory.format == .fhir ? "." : "/")
    }

    /// The path from a shape around it.
    package func path(_ shape: Int, from outer: Int) -> String {
        let steps = inventory.chain(shape).drop { $0 != outer }.dropFirst().map { step($0) }
        if inventory.format == .json || (inventory.format == .csv && steps.isEmpty) { return "@" + steps.joined() }
        if inventory.format == .fhir { return steps.isEmpty ? "$this" : steps.joined(separator: ".") }
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }

    /// The root as `source: { root: … }` writes it.
    package func root(_ shape: Int) -> String? {
        switch inventory.format {
        case .json, .csv, nil: nil
        case .fhir: inventory.shapes[shape].resource
        case .xml, .hl7v2: step(shape)
        }
    }

    private func step(_ index: Int) -> String {
        let shape = inventory.shapes[index]
        switch inventory.format {
        case .json:
            if shape.isItem { return "[*]" }
            return Self.isPlain(shape.name) ? ".\(shape.name)" : "['\(shape.name)']"
        case .fhir: return (FHIRChoice.step(shape.name) ?? shape.name) + (shape.resource.map { ".ofType(\($0))" } ?? "")
        default:
            if shape.isText { return "text()" }
            let isPlain = shape.isAttribute && shape.namespace.isEmpty
            let prefix = isPlain ? "" : prefixes[shape.namespace].map { $0 + ":" } ?? ""
            return (shape.isAttribute ? "@" : "") + prefix + shape.name
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                $0 == 0x5F || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39)
            }
            && name.first?.isNumber == false
    }

    // MARK: Prefixes

    private static let known = [
        "urn:hl7-org:v3": "hl7", "urn:nhs-itk:ns:201005": "itk", "http://hl7.org/fhir": "f", "urn:hl7-org:v2xml": "v2",
        "http://www.w3.org/1999/xhtml": "h", "http://schemas.xmlsoap.org/soap/envelope/": "soap",
        "http://www.w3.org/2001/XMLSchema-instance": "xsi", "http://www.w3.org/2005/08/addressing": "wsa",
        "http://www.w3.org/XML/1998/namespace": "xml",
    ]

    /// A short prefix for each namespace: the usual one where there is one, else the first letter of its last word.
    static func prefixes(for namespaces: [String]) -> [String: String] {
        var prefixes: [String: String] = [:]
        for namespace in namespaces {
            var prefix = known[namespace] ?? letters(of: namespace)
            var number = 2
            while prefixes.values.contains(prefix) {
                prefix = (known[namespace] ?? letters(of: namespace)) + String(number)
                number += 1
            }
            prefixes[namespace] = prefix
        }
        return prefixes
    }

    private static func letters(of namespace: String) -> String {
        let words = namespace.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        let word = words.last { word in
            word.first?.isLetter == true && !(word.first == "v" && word.dropFirst().allSatisfy(\.isNumber))
        }
        return word.map { String($0.prefix(1)) } ?? "n"
    }
}
