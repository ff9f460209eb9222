/// The nearest of some known names to a name that is not known.
public enum Suggestion {
    /// The known name a person most likely meant, or `nil` when none is near.
    ///
    /// Compares without case; near means at most a third of the letters changed, left out, put in or swapped.
    public static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8)
        let limit = max(1, wanted.count / 3)
        var best: (distance: Int, name: String)?
        for candidate in known {
            let distance = distance(wanted, Array(candidate.lowercased().utf8))
            if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.name
    }

    /// The optimal string alignment distance (Damerau–Levenshtein without repeated edits).
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var previous = [Int](repeating: 0, count: right.count + 1)
        var current = Array(0...right.count)
        for row in 1...left.count {
            let older = previous
            previous = current
            current[0] = row
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var value = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    value = min(value, older[column - 2] + 1)
                }
                current[column] = value
            }
        }
        return current[right.count]
    }
}
