package import Mappings
package import Referrals
import Reporting
package import SourceDocuments

/// Explains the fields of one translation: where each value came from, by which rule and which steps.
package struct Explainer {
    let translation: Translation
    let set: MappingSet
    let compiled: CompiledMapping
    let written: WrittenRules
    private var document: SourceDocument
    private var absences: AbsenceFinder

    /// - Parameter document: As the translator last read it.
    /// - Returns: `nil` when no mapping read the document: then the findings say all there is.
    package init?(_ translation: Translation, _ set: MappingSet, _ document: SourceDocument) {
        guard let index = translation.mappingIndex else { return nil }
        self.translation = translation
        self.set = set
        self.document = document
        compiled = set.mappings[index]
        written = WrittenRules(compiled.mapping)
        absences = AbsenceFinder(compiled, written, document, set.schema)
    }

    /// Explains a field, with everything below it.
    /// - Parameter path: Such as `needs[1].code`; places in lists may be left out. Must be a field of the schema.
    package mutating func explain(_ path: String) -> Explanation {
        let documentation = set.schema.field(at: path)?.row.documentation ?? ""
        var explanation = Explanation(field: path, documentation: documentation)
        for part in translation.parts { explanation.sources += sources(path, part) }
        if explanation.isEmpty { explanation.reasons = absences.reasons(for: path) }
        explanation.findings = findings(path)
        return explanation
    }

    /// Every field that has a value, and every one that is expected and has none, in the order of the schema.
    package func allFields() -> [String] {
        var fields: [String] = []
        for field in set.schema.fields.dropFirst() where !field.isGroup {
            let isSet = translation.parts.contains { $0.referral.first(field.id) != nil }
            let isExpected = field.row.requirement != .optional && set.schema[field.parent].row.requirement != .optional
            if isSet || isExpected && isWithinReach(field) { fields.append(field.path) }
        }
        return fields
    }

    /// Whether every group around a field is there, or the field stands at the top.
    private func isWithinReach(_ field: Field) -> Bool {
        field.parent == 0 || translation.parts.contains { $0.referral.first(field.parent) != nil }
    }

    // MARK: Values

    private mutating func sources(_ path: String, _ part: Translation.Part) -> [Explanation.Source] {
        var values: [(origin: UInt32, value: Explanation.Value)] = []
        for index in part.referral.nodes.indices.dropFirst() {
            let node = part.referral.nodes[index]
            guard !set.schema[node.field].isGroup else { continue }
            let field = part.referral.path(of: UInt32(index))
            guard FieldPath.isAtOrBelow(field, path) else { continue }
            let isOpen = set.schema[node.field].row.sensitivity == .open
            values.append((node.origin, .init(field: field, text: part.referral.text(UInt32(index)), isOpen: isOpen)))
        }
        var order: [UInt32] = []
        var grouped: [UInt32: [Explanation.Value]] = [:]
        for (origin, value) in values {
            if grouped[origin] == nil { order.append(origin) }
            grouped[origin, default: []].append(value)
        }
        return order.map { source($0 == Referral.noOrigin ? nil : part.origins[Int($0)], grouped[$0] ?? []) }
    }

    private mutating func source(_ origin: Origin?, _ values: [Explanation.Value]) -> Explanation.Source {
        var source = Explanation.Source(kind: origin?.kind ?? .made, values: values, steps: [])
        guard let origin, origin.rule >= 0 else { return source }
        let rule = compiled.rules[origin.rule].plan
        if let entry = written.rule(at: rule.place) {
            source.rule = Self.summary(entry.rule, origin)
            source.place = rule.place
            source.alternative = alternative(entry.rule, origin)
        }
        if case .digest = rule.origin { source.kind = .made }
        if origin.node != 0 {
            let sent = document.stringValue(origin.node)
            source.location = document.location(of: origin.node)
            source.asSent = document.text(sent)
            source.steps = steps(rule, origin, document.bytes(sent))
        }
        return source
    }

    /// `from "r:DOB", as date`.
    private static func summary(_ rule: Mapping.Rule, _ origin: Origin) -> String {
        if origin.kind == .fallback { return "a policy `{ use: … }` of the rule" }
        if let constant = rule.constant { return "value \(constant.text)" }
        let sources = rule.sources.map { "\"\($0.text)\"" }
        let path =
            rule.sources.indices.contains(origin.alternative)
            ? sources[origin.alternative] : sources.joined(separator: ", ")
        return "from \(path)" + (rule.converter.map { ", as \($0.text)" } ?? "")
    }

    private func alternative(_ rule: Mapping.Rule, _ origin: Origin) -> String? {
        guard origin.kind == .source, rule.sources.count > 1 else { return nil }
        let before = rule.sources.prefix(origin.alternative).map { "\"\($0.text)\"" }
        let number = "path \(origin.alternative + 1) of \(rule.sources.count)"
        return before.isEmpty ? number : number + "; nothing stood at \(before.joined(separator: ", "))"
    }

    private func steps(_ rule: CompiledMapping.RulePlan, _ origin: Origin, _ bytes: [UInt8]) -> [Explanation.Step] {
        var output = ConvertedValue()
        _ = rule.converter.convert(bytes.span, into: &output)
        let parts = output.parts.map { String(decoding: output.bytes[$0.start..<$0.end], as: UTF8.self) }
        var steps = [
            Explanation.Step(
                name: "as \(rule.converterName)", result: parts.filter { !$0.isEmpty }.joined(separator: " · "))
        ]
        guard let number = rule.table else { return steps }
        let table = compiled.tables[number]
        let name = "table \(Self.baseName(table.name))"
        if origin.row >= 0 {
            let to = table.text(origin.row, .to)
            steps.append(
                .init(name: name, result: to.isEmpty ? nil : to, place: "\(table.name):\(table.line(origin.row))"))
        } else {
            steps.append(.init(name: name + ": no row has it", result: nil, place: table.name))
        }
        return steps
    }

    static func baseName(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return name.hasSuffix(".csv") ? String(name.dropLast(4)) : String(name)
    }

    // MARK: Findings

    private func findings(_ path: String) -> [Finding] {
        translation.findings.filter { finding in
            guard let field = finding.field else { return false }
            return FieldPath.isAtOrBelow(field, path) || FieldPath.isAtOrBelow(path, field)
        }
    }
}

extension Schema {
    /// The fields that a misspelt path may have meant, the likeliest first.
    package func suggestions(for path: String) -> [String] {
        let plain = FieldPath.withoutPlaces(path)
        var found: [String] = []
        if let nearest = Suggestion.nearest(to: plain, among: fields.dropFirst().map(\.path)) { found.append(nearest) }
        let name = plain.split(separator: ".").last.map { String($0) } ?? plain
        found += fields.dropFirst().filter { $0.name.lowercased() == name.lowercased() }.map(\.path)
        if found.isEmpty, let nearest = Suggestion.nearest(to: name, among: fields.dropFirst().map(\.name)) {
            found += fields.filter { $0.name == nearest }.map(\.path)
        }
        return found.reduce(into: [String]()) { if !$0.contains($1), $0.count < 4 { $0.append($1) } }
    }
}
