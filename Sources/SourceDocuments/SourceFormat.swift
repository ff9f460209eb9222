/// How a document is written, and so which paths read it.
package enum SourceFormat: String, Sendable, CaseIterable {
    /// Any XML; paths are XPath.
    case xml
    /// Any JSON; paths are JSONPath (RFC 9535).
    case json
    /// FHIR in JSON or XML, as one and the same tree; paths are FHIRPath.
    case fhir
    /// HL7 v2, pipe-delimited or v2.xml, as one and the same tree; paths are XPath.
    case hl7v2
    /// A table of comma-separated values (RFC 4180), one row one object; paths are names of columns, or JSONPath.
    case csv
}

/// What a document may be at most. Passing one is a finding of its own; nothing is cut off.
package struct Limits: Sendable, Hashable {
    /// Size of the document as received.
    package var bytes = 20 << 20
    /// Nesting of elements, objects and arrays; more than ``deepest`` counts as that.
    package var depth = 100
    package var nodes = 400_000
    /// Attributes and namespace declarations of one tag.
    package var attributes = 256
    /// Bytes of one text, attribute or string.
    package var textBytes = 16 << 20

    /// No limit on depth goes beyond this, so that walking a tree by recursion is always safe.
    package static let deepest = 250

    package init() {}
    package static let standard = Limits()
}
