/// Verhoeff's check digits (1969), by arithmetic in the dihedral group of the pentagon.
enum Verhoeff {
    /// The product of two elements of the group, numbered as in the usual table.
    static func multiply(_ left: Int, _ right: Int) -> Int {
        if left < 5 { return right < 5 ? (left + right) % 5 : 5 + (left + right - 5) % 5 }
        return right < 5 ? 5 + (left - right) % 5 : (left - right + 5) % 5
    }

    /// A digit after the permutation was applied as often as its place from the right; eight times is none.
    static func permute(_ digit: Int, times: Int) -> Int {
        var digit = digit
        for _ in 0..<(times % 8) { digit = permutation[digit] }
        return digit
    }

    private static let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
}
