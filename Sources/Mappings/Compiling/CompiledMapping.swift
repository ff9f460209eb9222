package import Referrals
package import Reporting
package import SourceDocuments

/// A mapping checked against the schema and ready to run: immutable, shared by all workers.
///
/// Rules and groups lie in flat arrays and name each other by number; canonical fields are numbers, names of the
/// source are symbols of the ``MappingSet`` it belongs to.
///
/// A reference, so that handing one on copies nothing; where every nanosecond counts, read its members from ``plan``.
@dynamicMemberLookup
package final class CompiledMapping: Sendable {
    package typealias RuleID = Int
    package typealias GroupID = Int

    /// What a group holds, in the order of the schema.
    package enum Member: Sendable {
        case rule(RuleID)
        case group(GroupID)
    }

    package struct Group: Sendable {
        package var field: FieldID
        package var place: Mapping.Place
        package var at: Path?
        package var each: Path?
        package var when: Path?
        /// What to do when ``at`` selects several nodes.
        package var many: FailurePolicy
        /// Whether the referral is refused without it: then its rules speak even where its nodes are missing.
        package var isRequired: Bool
        package var members: [Member]
        /// It holds constants only: that its node is there is all it says.
        package var isConstant = false
    }

    /// Where a rule's text comes from.
    package enum Origin: Sendable {
        case paths([Path])
        case constant([UInt8])
        /// SHA-256 of the bytes as received.
        case digest
    }

    /// A rule as the evaluation holds it: a reference, so that using it copies nothing.
    ///
    /// Its members can be read as its own; where every nanosecond counts, read them from ``plan``.
    @dynamicMemberLookup
    package final class Rule: Sendable {
        /// Its place in ``CompiledMapping/rules``.
        package let id: RuleID
        package let plan: RulePlan
        /// See ``RulePlan/isCode``; asked for every value.
        package let isCode: Bool
        /// Where its text comes from, the paths tried in order; empty when it comes from no path.
        let paths: [Path]
        /// See ``FailurePolicy/join(_:)`` of ``RulePlan/many``.
        let joins: Bool
        /// By part, the field it fills where no group must be opened on the way, else 0.
        let plainFields: [FieldID]

        init(_ id: RuleID, _ plan: RulePlan) {
            self.id = id
            self.plan = plan
            isCode = plan.isCode
            if case .paths(let paths) = plan.origin { self.paths = paths } else { paths = [] }
            if case .join = plan.many { joins = true } else { joins = false }
            plainFields = plan.partFields.map { $0.map { $0.groups.isEmpty ? $0.field : 0 } ?? 0 }
        }

        package subscript<Value>(dynamicMember path: KeyPath<RulePlan, Value>) -> Value { plan[keyPath: path] }
    }

    /// A group as the evaluation holds it.
    @dynamicMemberLookup
    package final class GroupReference: Sendable {
        package let plan: Group

        init(_ plan: Group) { self.plan = plan }

        package subscript<Value>(dynamicMember path: KeyPath<Group, Value>) -> Value { plan[keyPath: path] }
    }

    package struct RulePlan: Sendable {
        package var field: FieldID
        package var place: Mapping.Place
        package var origin: Origin
        package var each: Path?
        package var when: Path?
        /// Every node gives a value of its own, as in a list.
        package var takesAll: Bool
        package var converterName: String
        package var converter: any Converter
        /// The converter wants markup as written, not the text in it.
        package var readsMarkup: Bool
        /// For each part of the converter, the field it fills, or `nil` for a part that is not wanted; one entry for a plain value.
        package var partFields: [PartTarget?]
        /// The field is a group whose parts the converter makes.
        package var isComposite: Bool
        package var code: CodeTarget?
        /// The closed list its values must be of.
        package var list: [[UInt8]]?
        package var table: Int?
        package var key: Path?
        package var missing: FailurePolicy
        package var invalid: FailurePolicy
        package var unmapped: FailurePolicy
        package var many: FailurePolicy
        /// Set for every document, whatever it holds.
        package var isAutomatic = false

        /// The value is a code: looked up in a table, confined to a list, or set with its system and what was sent.
        package var isCode: Bool { partFields.count == 1 && (code != nil || list != nil || table != nil) }
    }

    /// Where a part of a composite value goes: the field and, when that is deeper, the groups to open on the way.
    package struct PartTarget: Sendable {
        package var field: FieldID
        package var groups: [FieldID]
    }

    /// The fields of a coded value.
    package struct CodeTarget: Sendable {
        package var code: FieldID
        package var system: FieldID
        package var display: FieldID
        package var original: FieldID
        package var originalSystem: FieldID
        package var originalCode: FieldID
    }

    /// Something that must hold of a document.
    package struct Requirement: Sendable {
        package var condition: Path
        /// Where to point when it does not hold.
        package var at: Path?
        package var finding: FindingCode
        package var severity: Finding.Severity
        package var place: Mapping.Place
    }

    /// A path whose nodes are left unread on purpose, or must not be.
    package struct Pattern: Sendable {
        package var path: Path
        package var because: String
        package var place: Mapping.Place
    }

    /// All of it, as the compiler makes it.
    package struct Plan: Sendable {
        package var mapping: Mapping
        package var format: SourceFormat
        /// The symbol of the root element, or of the resource type.
        package var root: Symbol?
        package var conditions: [Path]
        package var each: Path?
        package var rules: [Rule] = []
        package var groups: [GroupReference] = []
        package var tables: [CodeTable] = []
        package var ignored = PatternTable()
        package var watched = PatternTable()
        package var requirements: [Requirement] = []
        /// FHIR: from a reference to what it refers to.
        package var resolve: Path?
        /// FHIR: the name of the element that holds a reference.
        package var reference: Symbol?

        /// What paths of this mapping are compiled against.
        package var pathContext: PathContext {
            PathContext(
                language: PathLanguage(format), namespaces: format == .hl7v2 ? [:] : mapping.source.namespaces,
                systems: mapping.systems, rootName: format == .fhir ? mapping.source.root?.text : nil,
                namesColumns: format == .csv)
        }

        package var name: String { mapping.name.text }
        /// Name and version, such as `itk-cda@1`.
        package var identity: String { "\(name)@\(mapping.version?.text ?? "0")" }
    }

    package let plan: Plan
    /// See ``Plan/identity``; asked for every document.
    package let identity: String

    init(_ plan: Plan) {
        self.plan = plan
        identity = plan.identity
    }

    /// The mapping without its written rules, tests and lists, which translating does not ask for.
    package var withoutWritten: CompiledMapping {
        var plan = plan
        plan.mapping.forgetBody()
        return CompiledMapping(plan)
    }

    package subscript<Value>(dynamicMember path: KeyPath<Plan, Value>) -> Value { plan[keyPath: path] }
}

/// Patterns by the name of their last step, so that a node asks only those that could mean it.
package struct PatternTable: Sendable {
    package private(set) var patterns: [CompiledMapping.Pattern] = []
    /// By symbol the first index into ``ordered``, and at the end how many there are.
    private var starts: [UInt32] = []
    private var ordered: [Int] = []
    /// Patterns that end in a wildcard or another step without a name.
    private var nameless: [Int] = []

    package init() {}

    package init(_ patterns: [CompiledMapping.Pattern], symbolCount: Int) {
        self.patterns = patterns
        var bySymbol: [[Int]] = Array(repeating: [], count: symbolCount)
        for (index, pattern) in patterns.enumerated() {
            if let name = pattern.path.lastName, Int(name) < symbolCount {
                bySymbol[Int(name)].append(index)
            } else {
                nameless.append(index)
            }
        }
        guard bySymbol.contains(where: { !$0.isEmpty }) else { return }
        starts.reserveCapacity(symbolCount + 1)
        for indices in bySymbol {
            starts.append(UInt32(ordered.count))
            ordered += indices
        }
        starts.append(UInt32(ordered.count))
    }

    package var isEmpty: Bool { patterns.isEmpty }

    /// The patterns that may mean a node of this name, in no order.
    func candidates(named name: Symbol) -> [Int] {
        guard Int(name) + 1 < starts.count else { return nameless }
        return ordered[Int(starts[Int(name)])..<Int(starts[Int(name) + 1])] + nameless
    }
}

extension CodeTable {
    /// What stands for a table whose mistakes were reported, so that it does not count as missing too.
    package static func unreadable(named name: String) -> CodeTable { CodeTable(name: name, bytes: [], rows: []) }

    /// Whether some of its bytes are the same as others.
    func holds(_ other: [UInt8], at range: Range<Int>) -> Bool { bytes[range].elementsEqual(other) }
}
