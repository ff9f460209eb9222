import Mappings
import Referrals
import SourceDocuments

/// A first mapping, written from an inventory: rules for what names and forms suggest, and every other path as a line to
/// decide on.
///
/// Every line it writes compiles; what is required and could not be found is left to the compiler to ask for.
package struct Scaffold {
    let inventory: Inventory
    let name: String
    /// Samples as the mapping's tests should name them.
    let samples: [String]
    private let paths: PathWriter
    private var used: Set<Int> = []
    private var rules: [Rule] = []

    private struct Rule {
        var field: String
        /// The lines under the field's name; one line stands beside it.
        var lines: [String]
        var remark: String?
    }

    package init(_ inventory: Inventory, name: String, samples: [String]) {
        self.inventory = inventory
        self.name = name
        self.samples = samples
        paths = PathWriter(inventory)
        guess()
    }

    // MARK: Guessing

    private mutating func guess() {
        guessNeeds()
        var found: [String: [(Int, FieldGuess)]] = [:]
        for guess in FieldGuess.all {
            for shape in inventory.shapes.indices where isFree(shape) && fits(shape, guess) {
                if !Self.isPartOfList(guess.field), guess.field != "person.name.given", isRepeated(shape) { continue }
                let isList = [
                    "person.name.given", "person.addresses.lines", "person.telecoms.phone", "person.telecoms.email",
                ].contains(guess.field)
                if !isList, found[guess.field] != nil { break }
                found[guess.field, default: []].append((shape, guess))
                used.insert(shape)
            }
        }
        guessByForm(&found)
        for (field, shapes) in found where !Self.isPartOfList(field) { plain(field, shapes) }
        addresses(found)
        telecoms("person.telecoms", found)
        telecoms("referrer.contact", found)
        shareOrganisation(found)
    }

    /// An NHS number is known by its check digit, whatever it is called.
    private mutating func guessByForm(_ found: inout [String: [(Int, FieldGuess)]]) {
        guard found["person.nhsNumber"] == nil, let guess = FieldGuess.all.first else { return }
        let numbers = inventory.shapes.indices.filter { isFree($0) && inventory.shapes[$0].kind == .nhsNumber }
        guard numbers.count == 1 else { return }
        found["person.nhsNumber"] = [(numbers[0], guess)]
        used.insert(numbers[0])
    }

    private func isFree(_ shape: Int) -> Bool { inventory.shapes[shape].hasValue && !used.contains(shape) }

    private func fits(_ shape: Int, _ guess: FieldGuess) -> Bool {
        let names = inventory.chain(shape).dropFirst().map { Self.plainName(inventory.shapes[$0].name) }.filter {
            !$0.isEmpty
        }
        guard let own = names.last, guess.names.contains(own) else { return false }
        let around = names.dropLast() + [own]
        if !guess.within.isEmpty, !around.contains(where: { name in guess.within.contains { name.contains($0) } }) {
            return false
        }
        if names.dropLast().contains(where: { name in guess.notWithin.contains { name.contains($0) } }) { return false }
        return guess.kinds.isEmpty || guess.kinds.contains { inventory.shapes[shape].kinds.contains($0) }
    }

    /// Whether there may be several of it, so that one field could not hold them. The entries of a FHIR bundle do not count.
    private func isRepeated(_ shape: Int) -> Bool {
        inventory.chain(shape).contains {
            inventory.shapes[$0].isRepeated && !(inventory.format == .fhir && inventory.shapes[$0].name == "entry")
        }
    }

    static func plainName(_ name: String) -> String {
        String(
            name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil })
    }

    private static func isPartOfList(_ field: String) -> Bool {
        field.hasPrefix("person.addresses.") || field.hasPrefix("person.telecoms.")
            || field.hasPrefix("referrer.contact.")
    }

    // MARK: Rules

    private mutating func plain(_ field: String, _ shapes: [(shape: Int, guess: FieldGuess)]) {
        let isList = Schema.referral.field(field)?.isList ?? false
        let texts = shapes.map { rule(paths.path($0.shape), $0.shape, $0.guess) }
        rules.append(
            Rule(
                field: field, lines: [isList ? "[ \(texts.joined(separator: ", ")) ]" : texts[0]],
                remark: shapes[0].guess.remark))
        guard field == "work.statement" else { return }
        rules.append(
            Rule(
                field: "work.asked", lines: ["{ value: \"yes\", when: \"\(paths.path(shapes[0].shape))\" }"],
                remark: "required beside it; look whether that is what it means"))
    }

    private func rule(_ path: String, _ shape: Int, _ guess: FieldGuess) -> String {
        var parts = ["from: \"\(path)\""]
        if !guess.rest.isEmpty { parts.append(guess.rest) }
        let kinds = inventory.shapes[shape].kinds
        if guess.rest == "as: date",
            let format = ValueKind.allCases.first(where: { kinds.contains($0) && $0.dateFormat != nil })?.dateFormat
        {
            parts.append("format: \"\(format)\"")
        }
        if guess.rest == "as: date-time", !kinds.contains(.dateTime) {
            parts.append(
                kinds.contains(.dateTimeUK) ? "format: \"dd/MM/yyyy HH:mm\", offset: london" : "offset: london")
        }
        return "{ \(parts.joined(separator: ", ")) }"
    }

    private mutating func guessNeeds() {
        guard let need = inventory.shapes.indices.first(where: { isNeed($0) }) else { return }
        var lines = ["each: \"\(paths.path(need))\""]
        let inner = inventory.children(of: need)
        let code = inner.first {
            ["code", "needcode", "snomed", "type"].contains(Self.plainName(inventory.shapes[$0].name))
                && inventory.shapes[$0].hasValue
        }
        let words = ["text", "description", "label", "note", "name", "display", "detail", "details"]
        let text =
            inventory.shapes[need].hasValue
            ? need
            : inner.first { words.contains(Self.plainName(inventory.shapes[$0].name)) && inventory.shapes[$0].hasValue }
        guard code != nil || text != nil else { return }
        if let code { lines.append("code: { from: \"\(paths.path(code, from: need))\" }") }
        if let text { lines.append("text: { from: \"\(paths.path(text, from: need))\" }") }
        used.formUnion([code, text].compactMap { $0 })
        rules.append(
            Rule(
                field: "needs", lines: lines, remark: code == nil ? nil : "give `code` a table: `as: code, table: NAME`"
            ))
    }

    /// A repeated thing of that name; in JSON the items of a list of that name.
    private func isNeed(_ index: Int) -> Bool {
        let shape = inventory.shapes[index]
        guard !shape.isAttribute, !shape.isText, shape.parent >= 0 else { return false }
        let name = shape.isItem ? inventory.shapes[shape.parent].name : shape.name
        guard FieldGuess.needNames.contains(Self.plainName(name)) else { return false }
        if inventory.format == .json { return shape.isItem }
        return shape.hasValue
            || inventory.children(of: index).contains { Self.plainName(inventory.shapes[$0].name).contains("code") }
    }

    private mutating func addresses(_ found: [String: [(Int, FieldGuess)]]) {
        let fields = ["lines", "city", "postcode"]
        let parts = fields.filter { found["person.addresses.\($0)"] != nil }
        guard !parts.isEmpty else { return }
        let shapes = parts.flatMap { found["person.addresses.\($0)"] ?? [] }.map(\.0)
        let repeated = inventory.chain(shapes[0]).dropLast().last { inventory.shapes[$0].isRepeated }
        let around = repeated.flatMap { outer in shapes.allSatisfy { inventory.chain($0).contains(outer) } ? outer : nil
        }
        var lines: [String] = []
        if let around { lines.append("- each: \"\(paths.path(around))\"") }
        for part in parts {
            let texts = (found["person.addresses.\(part)"] ?? []).map { shape, guess in
                rule(around.map { paths.path(shape, from: $0) } ?? paths.path(shape), shape, guess)
            }
            let text = part == "lines" ? "lines: [ \(texts.joined(separator: ", ")) ]" : "\(part): \(texts[0])"
            lines.append((lines.isEmpty ? "- " : "  ") + text)
        }
        rules.append(Rule(field: "person.addresses", lines: lines))
    }

    private mutating func telecoms(_ field: String, _ found: [String: [(Int, FieldGuess)]]) {
        var lines: [String] = []
        for kind in ["phone", "email"] {
            for (shape, _) in found["\(field).\(kind)"] ?? [] {
                lines.append("- each: \"\(paths.path(shape))\"")
                lines.append("  system: { value: \(kind) }")
                lines.append("  value: { from: \"\(paths.path(shape, from: shape))\", as: \(kind) }")
            }
        }
        if !lines.isEmpty { rules.append(Rule(field: field, lines: lines)) }
    }

    /// A letter from a practice often names the organisation once.
    private mutating func shareOrganisation(_ found: [String: [(Int, FieldGuess)]]) {
        guard found["referrer.name"] != nil else { return }
        for (from, to) in [("gpPractice.odsCode", "referrer.odsCode"), ("referrer.odsCode", "gpPractice.odsCode")] {
            guard let (shape, guess) = found[from]?.first, found[to] == nil else { continue }
            rules.append(
                Rule(
                    field: to, lines: [rule(paths.path(shape), shape, guess)],
                    remark: "the same as \(from): look whether that is right"))
        }
    }

    // MARK: Writing

    package var text: String {
        var lines = head
        // Of names that are numbers, as in HL7 v2, nothing can be guessed.
        let map = mapLines
        lines.append(map.contains { !$0.hasPrefix("  #") } ? "map:" : "map: {}")
        lines += map
        lines += undecided
        lines += watch
        lines.append("tests:")
        for sample in samples {
            let stem = Self.stem(sample)
            lines.append("  - { sample: \"\(sample)\", expect: \"\(stem).referral.json\" }")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var head: [String] {
        var lines = [
            "# A first mapping, written by `linkway scan --scaffold` from \(CoverageText.plural(inventory.documents.count, "document")).",
            "# Rules were guessed from names and from what values look like: read every line.",
            "# Next: linkway check · linkway explain SAMPLE person.birthDate · linkway coverage · linkway test · linkway test accept",
            "mapping: \(name)", "version: 1", "about: \"what sends these documents, in your own words\"", "source:",
            "  format: \(inventory.format?.rawValue ?? "xml")",
        ]
        if let root = inventory.roots.first, let text = paths.root(root) { lines.append("  root: \"\(text)\"") }
        if !paths.prefixes.isEmpty {
            lines.append("  namespaces:")
            for namespace in inventory.namespaces {
                lines.append("    \(paths.prefixes[namespace] ?? ""): \"\(namespace)\"")
            }
            if let bare = paths.prefixes[""] { lines.append("    \(bare): \"\"") }
        }
        if inventory.format == .json { lines += conditions }
        return lines + ["target: referral/1"]
    }

    /// JSON has no root to know a document by, so some of its members must be there.
    private var conditions: [String] {
        guard let root = inventory.roots.first else { return [] }
        let members = inventory.children(of: root).filter {
            inventory.shapes[$0].documents == inventory.documents.count
        }.prefix(3)
        return members.isEmpty ? [] : ["  when: [ \(members.map { "\"\(paths.path($0))\"" }.joined(separator: ", ")) ]"]
    }

    /// The rules in the order of the schema, each group opened once.
    private var mapLines: [String] {
        let sorted = rules.enumerated().sorted {
            (order($0.element.field), $0.offset) < (order($1.element.field), $1.offset)
        }.map(\.element)
        var lines: [String] = []
        var open: [String] = []
        for rule in sorted {
            let steps = rule.field.split(separator: ".").map { String($0) }
            var depth = 0
            while depth < min(open.count, steps.count - 1), open[depth] == steps[depth] { depth += 1 }
            open = Array(open.prefix(depth))
            for step in steps[depth..<(steps.count - 1)] {
                lines.append(Self.indent(open.count + 1) + step + ":")
                open.append(step)
            }
            let remark = rule.remark.map { "   # \($0)" } ?? ""
            let margin = Self.indent(steps.count)
            if rule.lines.count == 1, !rule.lines[0].hasPrefix("- ") {
                lines.append("\(margin)\(steps[steps.count - 1]): \(rule.lines[0])\(remark)")
            } else {
                lines.append("\(margin)\(steps[steps.count - 1]):\(remark)")
                lines += rule.lines.map { margin + "  " + $0 }
            }
        }
        return lines + missing
    }

    private func order(_ field: String) -> FieldID { Schema.referral.field(field)?.id ?? .max }
    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    /// What every referral should have and nothing was found for.
    private var missing: [String] {
        let fields = Set(rules.map(\.field))
        let wanted = [
            "person.nhsNumber", "person.name.family", "person.birthDate", "gpPractice.odsCode", "referrer.name",
            "referrer.odsCode", "reason.text", "needs", "consent",
        ]
        let lines = wanted.filter { wish in !fields.contains { $0 == wish || $0.hasPrefix(wish + ".") } }
        return lines.isEmpty ? [] : ["  # nothing was found for: \(lines.joined(separator: ", "))"]
    }

    private var undecided: [String] {
        let rest = inventory.shapes.indices.filter { isFree($0) }
        guard !rest.isEmpty else { return [] }
        var lines = [
            "# What follows is read by no rule yet. Turn each line into a rule, or into an ignored path with its reason:",
            "# ignore:",
            "#   - { path: \"PATH\", because: \"why it is of no use to the link worker\" }",
        ]
        for shape in rest {
            let kind = inventory.shapes[shape].kind?.rawValue ?? ""
            lines.append("# unmapped: \(paths.path(shape))  (\(kind)\(example(shape)))")
        }
        return lines
    }

    private func example(_ shape: Int) -> String {
        inventory.shapes[shape].examples.first.map { ": " + $0 } ?? ""
    }

    /// What must not pass unread, by its name: anywhere in XML, at its path in JSON.
    private var watch: [String] {
        let shapes = inventory.shapes.indices.filter { index in
            let shape = inventory.shapes[index]
            return !shape.isAttribute && FieldGuess.watchWords.contains { shape.name.lowercased().contains($0) }
        }
        let patterns = shapes.map { index in
            let shape = inventory.shapes[index]
            let prefix = paths.prefixes[shape.namespace].map { $0 + ":" } ?? ""
            return inventory.format == .json ? "\"\(paths.path(index))\"" : "\"//\(prefix)\(shape.name)\""
        }
        guard inventory.format != .fhir, !patterns.isEmpty else { return [] }
        let each = patterns.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return ["watch: [ \(each.joined(separator: ", ")) ]"]
    }

    static func stem(_ file: String) -> String {
        let name = file.split(separator: "/").last.map { String($0) } ?? file
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}
