package import DurableFiles
package import Mappings
package import Reporting
import SourceDocuments

/// The mappings of a folder, with everything they need: those they extend, and their code tables.
package struct MappingLibrary: Sendable {
    /// The folder that was read.
    package var folder: String
    package var set = MappingSet()
    /// Every mapping by name, the one it extends laid under it; abstract ones too.
    package var mappings: [String: Mapping] = [:]
    package var findings: [Finding] = []

    /// Whether every mapping of the folder can be used.
    package var isUsable: Bool { !findings.contains { $0.severity == .error } }

    /// Reads and compiles all mapping files (`*.yaml`) in a folder and those below it.
    ///
    /// A mapping that is wrong is left out and its mistakes are in ``findings``; the others stay.
    ///
    /// - Parameter file: A mapping file that may stand elsewhere. It and the files beside it come first: a mapping of the
    ///   folder that has the same name gives way.
    package static func load(_ folder: String, and file: String? = nil) throws(FileError) -> MappingLibrary {
        var library = MappingLibrary(folder: folder)
        var written: [Mapping] = []
        if let file { try library.read(file, into: &written) }
        let taken = Set(written.map(\.name.text))
        if file == nil || Files.isFolder(folder) {
            let seen = Set(written.map(\.file))
            for path in try files(in: folder, ending: ".yaml") where !seen.contains(path) {
                guard let mapping = try library.read(path), !taken.contains(mapping.name.text) else { continue }
                written.append(mapping)
            }
        }
        library.compile(written)
        library.leaveOutRepetitions()
        return library
    }

    /// The library for one who only translates: the text of rules and tests, which takes more room than what was made of it,
    /// is forgotten. Places for findings stay.
    package var compiledOnly: MappingLibrary {
        var result = self
        result.mappings = [:]
        result.set = set.compiledOnly
        return result
    }

    /// A mapping file and those beside it; of two with the same name, the file asked for.
    private mutating func read(_ file: String, into written: inout [Mapping]) throws(FileError) {
        if let mapping = try read(file) { written.append(mapping) }
        let folder = Files.parent(of: file)
        for name in try Files.list(folder) where name.hasSuffix(".yaml") && name != Files.name(of: file) {
            let path = file.contains("/") ? Files.join(folder, name) : name
            var ignored: [Finding] = []
            let text = String(decoding: try Files.read(path), as: UTF8.self)
            guard let mapping = MappingParser.parse(text, named: path, reporting: &ignored) else { continue }
            if !written.contains(where: { $0.name.text == mapping.name.text }) { written.append(mapping) }
        }
    }

    private mutating func read(_ path: String) throws(FileError) -> Mapping? {
        guard let text = String(validating: try Files.read(path), as: UTF8.self) else {
            findings.append(
                Finding(
                    "yaml-malformed", "the file is not UTF-8 text", at: .init(document: path), help: "save it as UTF-8")
            )
            return nil
        }
        return MappingParser.parse(text, named: path, reporting: &findings)
    }

    private mutating func compile(_ written: [Mapping]) {
        var byName: [String: Mapping] = [:]
        for mapping in written {
            if let other = byName[mapping.name.text] {
                reportTwice(mapping, other)
            } else {
                byName[mapping.name.text] = mapping
            }
        }
        for mapping in written where byName[mapping.name.text]?.file == mapping.file {
            guard var whole = laidOver(mapping, byName, []) else { continue }
            let before = findings.count
            let tables = tables(of: whole, byName)
            if findings[before...].contains(where: { $0.severity == .error }) { whole.isFaulty = true }
            if !whole.isFaulty { mappings[mapping.name.text] = whole }
            guard !whole.isAbstract else { continue }
            set.add(whole, tables: tables, reporting: &findings)
        }
    }

    private mutating func reportTwice(_ mapping: Mapping, _ other: Mapping) {
        findings.append(
            Finding(
                "mapping-name-twice", "another mapping has the name `\(mapping.name.text)`",
                at: mapping.name.place.location,
                help: "rename one of the two", rule: other.name.place.location))
    }

    /// A mistake in a base or a table is found again in every mapping that uses it; once is enough.
    private mutating func leaveOutRepetitions() {
        var seen: Set<Finding> = []
        findings = findings.filter { seen.insert($0).inserted }
    }

    /// A mapping with all that it extends laid under it; `nil` after reporting why it cannot be had.
    private mutating func laidOver(_ mapping: Mapping, _ byName: [String: Mapping], _ above: [String]) -> Mapping? {
        guard let extends = mapping.extends else { return mapping }
        guard let base = byName[extends.text] else {
            findings.append(
                Finding(
                    "extends-unknown", "there is no mapping `\(extends.text)` to extend", at: extends.place.location,
                    help: Suggestion.nearest(to: extends.text, among: byName.keys.sorted()).map {
                        "did you mean `\($0)`?"
                    }))
            return nil
        }
        guard !above.contains(extends.text), extends.text != mapping.name.text else {
            findings.append(Finding("extends-circle", at: extends.place.location))
            return nil
        }
        return laidOver(base, byName, above + [mapping.name.text]).map { mapping.laid(over: $0) }
    }

    /// The tables a mapping names: beside it, beside those it extends, or in `tables` of the library.
    private mutating func tables(of mapping: Mapping, _ byName: [String: Mapping]) -> [String: CodeTable] {
        var folders = [Files.parent(of: mapping.file)]
        var base = mapping.extends
        while let name = base, let next = byName[name.text], folders.count < 20 {
            folders.append(Files.parent(of: next.file))
            base = next.extends
        }
        folders.append(Files.join(folder, "tables"))
        var tables: [String: CodeTable] = [:]
        for name in mapping.tables where Self.isPlainName(name.text) {
            let paths = folders.map { Files.join($0, name.text + ".csv") }
            guard let path = paths.first(where: { Files.exists($0) }), let bytes = try? Files.read(path) else {
                continue
            }
            tables[name.text] = CodeTable.parse(bytes, named: path, reporting: &findings) ?? .unreadable(named: path)
        }
        return tables
    }

    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                byte == 0x2D || byte == 0x5F || (byte >= 0x30 && byte <= 0x39)
                    || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
            }
    }

    /// The files below a folder whose names end so, in order, hidden folders left out.
    package static func files(in folder: String, ending: String) throws(FileError) -> [String] {
        var result: [String] = []
        for name in try Files.list(folder) {
            let path = Files.join(folder, name)
            if Files.isFolder(path) {
                result += try files(in: path, ending: ending)
            } else if name.hasSuffix(ending) {
                result.append(path)
            }
        }
        return result
    }

    /// The path of a sample or golden file that a mapping's test names: beside the mapping, or in `samples/NAME` beside the
    /// library where that folder is there.
    package func sample(_ name: String, of mapping: Mapping) -> String {
        let beside = Files.join(Files.parent(of: mapping.file), name)
        if Files.exists(beside) { return beside }
        let samples = Files.join(Files.join(Files.parent(of: folder), "samples"), mapping.name.text)
        return Files.isFolder(samples) ? Files.join(samples, name) : beside
    }
}
