/// What a value looks like, without what it says: letters become `A` or `a`, digits `9`.
package enum ValueShape {
    /// The most characters shown.
    static let limit = 24

    /// `07/11/1951` → `99/99/9999`, `Dray` → `Aaaa`; long texts are cut and their length is said.
    package static func of(_ text: String) -> String {
        var shape = ""
        var count = 0
        var isSpace = false
        for scalar in text.unicodeScalars {
            let character = self.character(scalar)
            if character == " ", isSpace { continue }
            isSpace = character == " "
            if count < limit { shape.unicodeScalars.append(character) }
            count += 1
        }
        return count <= limit ? shape : shape + "… (\(count) characters)"
    }

    private static func character(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let properties = scalar.properties
        if properties.isWhitespace { return " " }
        if properties.numericType != nil { return "9" }
        if properties.isUppercase { return "A" }
        if properties.isAlphabetic { return "a" }
        return scalar.value > 0x20 && scalar.value != 0x7F ? scalar : "?"
    }
}
