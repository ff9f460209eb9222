package import Reporting

/// A mapping file as written, with the mapping it extends laid under it: names not yet checked against the schema,
/// every part with its place.
package struct Mapping: Sendable {
    /// A text of a mapping file and where it stands.
    package struct Placed: Sendable, Hashable {
        package var text: String
        package var place: Place
        /// The column of each character where escapes make them differ from what one counts; else empty.
        var columns: [Int] = []

        package init(_ text: String, _ place: Place) {
            self.text = text
            self.place = place
        }

        /// The place of a character of the text, by its offset in bytes.
        package func place(atByte offset: Int) -> Place {
            let index = text.utf8.prefix(offset).count { $0 & 0xC0 != 0x80 }
            var result = place
            result.position.column = columns.indices.contains(index) ? columns[index] : place.position.column + index
            return result
        }
    }

    /// A place in a mapping file.
    package struct Place: Sendable, Hashable {
        package var file: String
        package var position: SourcePosition

        package init(file: String, position: SourcePosition) {
            self.file = file
            self.position = position
        }

        package var location: Finding.Location { Finding.Location(document: file, position: position) }
        package var description: String { "\(file):\(position)" }
    }

    /// The `source:` block.
    package struct Source: Sendable {
        package var format: Placed?
        package var root: Placed?
        package var namespaces: [String: String] = [:]
        /// Conditions that must all hold for a document to be of this kind.
        package var conditions: [Placed] = []
        /// Selects one node for each referral of a document; absent when a document is one referral.
        package var each: Placed?
    }

    /// A word, `{ use: TEXT }` or `{ join: TEXT }`.
    package struct Policy: Sendable {
        package var word: String
        /// The text behind `use` or `join`.
        package var use: String?
        package var place: Place
    }

    /// One rule: where a value comes from and what is done with it.
    package struct Rule: Sendable {
        package enum Form: Sendable {
            case written
            /// A text stands where a rule is due: a mistake, or the misspelt word of a group.
            case bareText
            /// Could not be read, which was reported.
            case faulty
        }

        package var place: Place
        package var form = Form.written
        package var sources: [Placed] = []
        package var constant: Placed?
        package var each: Placed?
        package var when: Placed?
        package var converter: Placed?
        package var table: Placed?
        package var key: Placed?
        /// By the words `missing`, `invalid`, `unmapped`, `many`.
        package var policies: [String: Policy] = [:]
        package var arguments: [String: Placed] = [:]
    }

    /// A group of fields, one of which may be repeated for each node of a path.
    package struct Group: Sendable {
        package var place: Place
        package var at: Placed?
        package var each: Placed?
        package var when: Placed?
        package var many: Policy?
        package var fields: [Field] = []
    }

    /// A field by name, as written in a group.
    package struct Field: Sendable {
        package var name: Placed
        package var node: Node
    }

    package indirect enum Node: Sendable {
        case rule(Rule)
        case group(Group)
        case list([Node], Place)
    }

    /// A pattern of nodes that are not read on purpose.
    package struct Ignored: Sendable {
        package var path: Placed
        package var because: String
    }

    /// Something that must hold of a document whatever its values: its parts fit together.
    package struct Requirement: Sendable {
        package var condition: Placed
        /// Selects the place to point at when it does not hold; the root where this is absent or selects nothing.
        package var at: Placed?
        /// The code of the finding when it does not hold.
        package var finding: Placed
        /// `reject`, `quarantine` or `warn`.
        package var policy: Policy
    }

    /// A sample with what must come of it.
    package struct Test: Sendable {
        package var place: Place
        package var sample: Placed
        /// The golden file; absent when only findings are expected.
        package var expected: Placed?
        package var expectedFinding: Placed?
        /// Changes to make to the sample before it is read: path and new text.
        package var changes: [(path: Placed, text: String)] = []
    }

    package var file: String
    package var name: Placed
    package var version: Placed?
    package var about: String?
    package var extends: Placed?
    /// A base for other mappings, never used by itself.
    package var isAbstract = false
    /// Something in it was wrong and was reported: it is checked further, so that all mistakes are told at once, and never used.
    package var isFaulty = false
    package var source = Source()
    package var target: Placed?
    package var tables: [Placed] = []
    package var systems: [String: [String]] = [:]
    package var map: Group
    package var ignored: [Ignored] = []
    package var watched: [Placed] = []
    package var requirements: [Requirement] = []
    package var tests: [Test] = []
    /// Drops what a compiled mapping does not ask for: rules, lists and tests. What it is called and what it reads stay.
    mutating func forgetBody() {
        map = Group(place: map.place)
        (ignored, watched, requirements, tests) = ([], [], [], [])
    }
}
