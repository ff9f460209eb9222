import Reporting

/// The characters of a YAML file by line and column, counted as YAML counts them: in Unicode scalars.
struct YAMLText {
    private var lines: [[Unicode.Scalar]]
    /// How many keys were renamed so far.
    private var renamed = 0

    init(_ text: String) {
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0) }
    }

    var string: String {
        var result = String.UnicodeScalarView()
        for (index, line) in lines.enumerated() {
            if index > 0 { result.append("\n") }
            result.append(contentsOf: line)
        }
        return String(result)
    }

    func scalar(at position: SourcePosition) -> Unicode.Scalar? {
        guard lines.indices.contains(position.line - 1), lines[position.line - 1].indices.contains(position.column - 1)
        else { return nil }
        return lines[position.line - 1][position.column - 1]
    }

    /// Whether a tag follows an anchor that stands here.
    func isTag(after position: SourcePosition) -> Bool {
        guard scalar(at: position) == "&" else { return false }
        let rest = lines[position.line - 1].dropFirst(position.column).drop { $0 != " " }.drop { $0 == " " }
        return rest.first == "!"
    }

    /// The column of each character of a quoted text that begins at a place, and of the mark that closes it.
    ///
    /// Empty where each is one column further than the last: without escapes. Also for a text over several lines.
    func columns(ofQuoted start: SourcePosition, by quote: Unicode.Scalar) -> [Int] {
        guard lines.indices.contains(start.line - 1) else { return [] }
        let line = lines[start.line - 1]
        var result: [Int] = []
        var column = start.column - 1
        while column < line.count {
            result.append(column + 1)
            let length = Self.length(of: line, at: column, quote)
            if length == 0 { return result.count == column - start.column + 2 ? [] : result }
            column += length
        }
        return []
    }

    /// How many characters of the file make one of the text; 0 for the mark that closes it.
    private static func length(of line: [Unicode.Scalar], at column: Int, _ quote: Unicode.Scalar) -> Int {
        let next = column + 1 < line.count ? line[column + 1] : nil
        if line[column] == quote { return quote == "'" && next == "'" ? 2 : 0 }
        guard quote == "\"", line[column] == "\\" else { return 1 }
        switch next {
        case "x": return 4
        case "u": return 6
        case "U": return 10
        default: return 2
        }
    }

    // MARK: Keys that stand twice

    /// Renames the second key of a group that has one twice, to a name of the same length that nobody writes.
    ///
    /// YAML does not say where the second stands, and groups inside may have keys of that name too. So every later
    /// key of that name is renamed, the last first, until the group has it once.
    /// - Parameter isTwice: Whether in a text the group still has the key twice.
    /// - Returns: Where it stands; `nil` when it is not found, and nothing is changed then.
    mutating func renameSecond(
        _ key: String, from first: SourcePosition, while isTwice: (String) -> Bool
    ) -> SourcePosition? {
        let wanted = Array(key.unicodeScalars)
        guard !wanted.isEmpty else { return nil }
        var trial = self
        for place in places(of: wanted, after: first).reversed() {
            trial.rename(place, wanted.count)
            if isTwice(trial.string) { continue }
            rename(place, wanted.count)
            return place
        }
        return nil
    }

    private mutating func rename(_ place: SourcePosition, _ length: Int) {
        guard let name = Unicode.Scalar(0xE000 + UInt32(renamed % 0x1900)) else { return }
        renamed += 1
        for column in place.column - 1..<place.column - 1 + length { lines[place.line - 1][column] = name }
    }

    /// Whether a key is one that was renamed.
    static func isRenamed(_ key: String?) -> Bool {
        guard let first = key?.unicodeScalars.first else { return false }
        return (0xE000..<0xF900).contains(first.value)
    }

    private func places(of wanted: [Unicode.Scalar], after first: SourcePosition) -> [SourcePosition] {
        var result: [SourcePosition] = []
        for number in max(first.line - 1, 0)..<lines.count {
            let line = lines[number]
            guard line.count >= wanted.count else { continue }
            for column in 0...line.count - wanted.count where line[column] == wanted[0] {
                if number == first.line - 1, column <= first.column { continue }
                if line[column..<column + wanted.count].elementsEqual(wanted), Self.isKey(line, column, wanted.count) {
                    result.append(SourcePosition(line: number + 1, column: column + 1))
                }
            }
        }
        return result
    }

    private static func isKey(_ line: [Unicode.Scalar], _ column: Int, _ length: Int) -> Bool {
        let before = column == 0 ? " " : line[column - 1]
        guard " \"'{,".unicodeScalars.contains(before) else { return false }
        let rest = line[(column + length)...].drop { $0 == "\"" || $0 == "'" || $0 == " " }
        return rest.first == ":"
    }
}
