extension FindingCatalogue {
    static let converting: [Entry] = [
    ]
}
