import Digests
package import Referrals
import Reporting
package import SourceDocuments

/// The whole pure core: bytes in, translation out. The daemon, the commands and the tests all call it.
///
/// One per worker: it keeps parser, tree and buffers from document to document, and must not be used by two
/// threads at once. No file, no clock, no randomness.
package final class Translator {
    package struct Options: Sendable {
        /// Severities of the rules.
        package var profile = Profile.minimum
        /// The day on which rules ask whether a date lies in the future.
        package var today: CalendarDay
        /// List every node in the coverage, not only counts.
        package var isDetailed = false

        package init(today: CalendarDay) { self.today = today }
    }

    package let set: MappingSet
    package var options: Options
    private let reader: DocumentReader
    private var evaluation: Evaluation?
    /// The document last read, for those who explain it.
    package var document: SourceDocument { evaluation?.document ?? blank }
    private let blank: SourceDocument
    private let digest = Digest()
    private let checker: RuleChecker
    private var fingerprint: [UInt8] = []
    private let idField: FieldID?
    private let sourceField: FieldID?
    /// By mapping: what its patterns say of the shapes met so far.
    private var shapes: [ShapeTable]

    package init(_ set: MappingSet, options: Options, limits: Limits = .standard) {
        self.set = set
        self.options = options
        reader = DocumentReader(limits: limits)
        checker = RuleChecker(set.schema)
        idField = set.schema.field("id")?.id
        sourceField = set.schema.field(MappingCompiler.sourceField)?.id
        shapes = set.mappings.map { _ in ShapeTable() }
        blank = SourceDocument(symbols: set.symbols)
        evaluation = set.mappings.first.map { Evaluation(symbols: set.symbols, mapping: $0, schema: set.schema) }
    }

    /// Reads, recognises, maps and checks one document.
    ///
    /// - Parameters:
    ///   - bytes: The document as received.
    ///   - name: The name a person knows it by, used in findings.
    ///   - mapping: The number of the mapping to use; `nil` to recognise it by content.
    package func translate(_ bytes: [UInt8], named name: String = "", with mapping: Int? = nil) -> Translation {
        var translation = Translation(document: name)
        guard var evaluation = self.evaluation.take() else {
            translation.findings.append(
                Finding("mapping-none", .error, "no mapping is loaded", at: .init(document: name)))
            return translation
        }
        forgetNames(of: &evaluation.document)
        evaluation.findings.removeAll(keepingCapacity: true)
        evaluation.budget.clear()
        evaluation.line = Lines.Mark()
        let format = mapping.map { set.mappings[$0].format }
        if reader.read(bytes, named: name, as: format, into: &evaluation.document, reporting: &translation.findings) {
            translation.format = evaluation.document.format
            map(bytes, with: mapping, &evaluation, &translation)
        }
        self.evaluation = evaluation
        return translation
    }

    /// Names that no mapping knows must not pile up over years; what was learnt of shapes goes with their numbers.
    private func forgetNames(of document: inout SourceDocument) {
        let known = set.symbols.count
        guard document.symbols.count > known + Self.mostNames else { return }
        document.symbols.forget(past: known)
        shapes = set.mappings.map { _ in ShapeTable() }
    }

    private static let mostNames = 20_000

    private func map(
        _ bytes: [UInt8], with wanted: Int?, _ evaluation: inout Evaluation, _ translation: inout Translation
    ) {
        evaluation.evaluator.begin(evaluation.document)
        guard let index = wanted ?? recognise(&evaluation, &translation) else { return }
        let mapping = set.mappings[index]
        guard isRoot(of: mapping, &evaluation, &translation), let root = evaluation.document.root else { return }
        translation.mapping = mapping.identity
        translation.mappingIndex = index
        evaluation.use(mapping, numbered: index)
        evaluation.digest.removeAll(keepingCapacity: true)
        digest.sha256(bytes.span, into: &evaluation.digest)
        translation.findings.reserveCapacity(8)
        judge(mapping, from: root, &evaluation)
        translation.wholeWorst = translation.findings.worst ?? .note
        if let each = mapping.plan.each {
            for node in starts(each, root, &evaluation) { part(from: node, &evaluation, &translation) }
        } else {
            part(from: root, &evaluation, &translation)
        }
        let ofParts = translation.findings.count
        if translation.parts.isEmpty {
            translation.findings.append(
                Finding(
                    "referral-none", .error, at: evaluation.document.location(of: root),
                    rule: mapping.mapping.source.each?.place.location))
        }
        cover(index, &evaluation, &translation)
        checkDocument(mapping, &evaluation, &translation)
        if evaluation.evaluator.isExhausted {
            translation.findings.append(Finding("paths-exhausted", at: evaluation.document.location(of: root)))
        }
        translation.wholeWorst = max(translation.wholeWorst, translation.findings.worst(from: ofParts) ?? .note)
        translation.findings += evaluation.findings
        if let remainder = evaluation.budget.remainder(in: translation.document) {
            translation.findings.append(remainder)
        }
    }

    /// Looks at what makes the document one of this kind again, so that just this counts as read: not what other mappings
    /// asked when it was recognised, and the same where the mapping was named.
    private func judge(_ mapping: CompiledMapping, from root: NodeID, _ evaluation: inout Evaluation) {
        evaluation.evaluator.beginAgain(evaluation.document)
        for condition in mapping.plan.conditions {
            _ = evaluation.evaluator.test(condition, from: root, in: &evaluation.document)
        }
    }

    /// The nodes at which a referral begins, where there are several.
    private func starts(_ each: Path, _ root: NodeID, _ evaluation: inout Evaluation) -> [NodeID] {
        var nodes: [NodeID] = []
        evaluation.evaluator.select(each, from: root, in: &evaluation.document, into: &nodes)
        return nodes
    }

    private func part(from node: NodeID, _ evaluation: inout Evaluation, _ translation: inout Translation) {
        evaluation.run(from: node)
        identify(&evaluation)
        check(from: node, &evaluation, &translation)
        translation.parts.append(
            Translation.Part(
                referral: evaluation.referral, origins: evaluation.origins, worst: evaluation.worst,
                cause: evaluation.cause))
    }

    private func cover(_ mapping: Int, _ evaluation: inout Evaluation, _ translation: inout Translation) {
        var pass = CoveragePass(set.mappings[mapping], isDetailed: options.isDetailed)
        pass.run(&evaluation.document, &evaluation.evaluator, &shapes[mapping])
        translation.coverage = pass.coverage
        for finding in pass.findings where evaluation.budget.admits(finding.code, finding.severity, field: 0) {
            translation.findings.append(finding)
        }
        for node in evaluation.evaluator.looseMatches
        where evaluation.budget.admits("system-alias-new", .warning, field: 0) {
            translation.findings.append(
                Finding("system-alias-new", .warning, at: evaluation.document.location(of: node)))
        }
    }

    // MARK: Identity

    /// Gives a referral its id, where its mapping did not: made from its content, so that the same facts have the same id
    /// whatever they were written in.
    private func identify(_ evaluation: inout Evaluation) {
        guard let idField, evaluation.referral.first(idField) == nil else { return }
        fingerprint.removeAll(keepingCapacity: true)
        evaluation.referral.appendContent(leavingOut: sourceField, to: &fingerprint)
        evaluation.id.removeAll(keepingCapacity: true)
        let content = fingerprint
        StableID.append(namespace: set.schema.name, name: content.span, using: digest, into: &evaluation.id)
        evaluation.setID(idField)
    }

    // MARK: Checking

    /// Runs the rules and joins each violation to the places in the source and the mapping that its field came from.
    ///
    /// What is said of a referral that is one of several, and of no value in it, is said at the place where it begins.
    private func check(from start: NodeID, _ evaluation: inout Evaluation, _ translation: inout Translation) {
        let violations = checker.check(evaluation.referral, profile: options.profile, today: options.today)
        for violation in violations {
            evaluation.note(violation.code, violation.severity)
            guard evaluation.budget.admits(violation.code, violation.severity, field: UInt32(violation.field)) else {
                continue
            }
            let isThere = evaluation.referral.nodes[Int(violation.node)].field == violation.field
            let field = field(of: violation, isThere, &evaluation)
            if !isThere, isSaid(field, violation.severity, &evaluation) { continue }
            let (node, rule) = place(of: violation, isThere, &evaluation)
            let shown = node ?? (evaluation.mapping.plan.each == nil ? nil : start)
            translation.findings.append(
                Finding(
                    violation.code, violation.severity, at: evaluation.location(of: shown), field: field, rule: rule))
        }
    }

    /// Whether it was said already, as gravely, what is wrong with the value that stood there: that it is missing now tells
    /// nothing new.
    private func isSaid(_ field: String, _ severity: Finding.Severity, _ evaluation: inout Evaluation) -> Bool {
        for index in evaluation.findings.indices where evaluation.findings[index].severity >= severity {
            guard let other = evaluation.findings[index].field,
                Self.isWithin(other, field) || Self.isWithin(field, other),
                evaluation.findings[index].code != "value-missing"
            else { continue }
            return true
        }
        return false
    }

    /// Whether a path is another, or leads to something in it.
    private static func isWithin(_ inner: String, _ outer: String) -> Bool {
        guard inner.hasPrefix(outer) else { return false }
        return inner.utf8.count == outer.utf8.count || inner.utf8.dropFirst(outer.utf8.count).first == UInt8(ascii: ".")
    }

    /// The path of the field that a violation means, which may not be there.
    private func field(of violation: Violation, _ isThere: Bool, _ evaluation: inout Evaluation) -> String {
        let path = evaluation.referral.path(of: violation.node)
        if isThere { return path }
        return Self.path(of: violation.field, below: violation.node, path, &evaluation.referral)
    }

    /// Where a violation is to be shown in the document, and the line of the mapping that was at work, as far as its field
    /// came from somewhere. Of what is missing, the source shows only what stands around its neighbours.
    private func place(
        of violation: Violation, _ isThere: Bool, _ evaluation: inout Evaluation
    ) -> (NodeID?, Finding.Location?) {
        guard violation.node != 0, let origin = origin(of: violation.node, &evaluation) else { return (nil, nil) }
        let rule =
            isThere && origin.rule >= 0 ? evaluation.mapping.plan.rules[origin.rule].plan.place.location : nil
        if origin.node == 0 { return (nil, rule) }
        return (isThere ? origin.node : max(1, evaluation.document.nodes[Int(origin.node)].parent), rule)
    }

    /// The path of a field that is not there, below a group that is.
    private static func path(
        of field: FieldID, below group: UInt32, _ above: String, _ referral: inout Referral
    ) -> String {
        let base = referral.schema[referral.nodes[Int(group)].field].path
        let path = referral.schema[field].path
        guard !base.isEmpty, base.utf8.count < path.utf8.count, isWithin(path, base) else { return path }
        return above + Substring(path.utf8.dropFirst(base.utf8.count))
    }

    /// The origin of a node, or of the first value in it.
    private func origin(of node: UInt32, _ evaluation: inout Evaluation) -> Origin? {
        let end = max(node + 1, evaluation.referral.nodes[Int(node)].next)
        for index in node..<end {
            let origin = evaluation.referral.nodes[Int(index)].origin
            if origin != Referral.noOrigin { return evaluation.origins[Int(origin)] }
        }
        return nil
    }
}
