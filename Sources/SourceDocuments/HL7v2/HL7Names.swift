/// Makes the names of HL7 v2 nodes: `PID`, `PID.3`, `PID.3.1`, `PID.3.4.2`.
struct HL7Names {
    private var text: [UInt8] = []

    /// The name of a segment.
    mutating func segment(_ id: ArraySlice<UInt8>, in symbols: inout SymbolTable) -> Symbol {
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: id)
        return symbols.intern(text.span)
    }

    /// The name of a part of a segment, by its numbers from the field inward.
    mutating func part(
        _ segment: ArraySlice<UInt8>, _ field: Int, _ component: Int? = nil, _ subcomponent: Int? = nil,
        in symbols: inout SymbolTable
    ) -> Symbol {
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: segment)
        append(field)
        if let component { append(component) }
        if let subcomponent { append(subcomponent) }
        return symbols.intern(text.span)
    }

    private mutating func append(_ number: Int) {
        text.append(UInt8(ascii: "."))
        if number < 10 { return text.append(UInt8(ascii: "0") + UInt8(number)) }
        var power = 10
        while number / power >= 10 { power *= 10 }
        while power > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / power % 10))
            power /= 10
        }
    }
}
