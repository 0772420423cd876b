//! Tables as Parquet beside their CSV: the columns typed as the codebook says, missing values as nulls.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::VERSION;
use super::codebook::{Field, Resource};
use super::rows::Kind;

/// Rows in a row group: what is held in memory at a time.
const ROWS: usize = 1 << 16;

/// Cells of a column that are not yet written.
enum Cells {
    Whole(Vec<i64>),
    Number(Vec<f64>),
    Text(Vec<ByteArray>),
}

/// A column that is not yet written: the cells that have a value, and which of them have one.
struct Column {
    cells: Cells,
    there: Vec<i16>,
}

impl Column {
    fn new(kind: Kind) -> Self {
        let cells = match kind {
            Kind::Integer => Cells::Whole(Vec::new()),
            Kind::Number => Cells::Number(Vec::new()),
            Kind::String | Kind::Any => Cells::Text(Vec::new()),
        };
        Column { cells, there: Vec::new() }
    }

    fn push(&mut self, cell: &str) -> anyhow::Result<()> {
        self.there.push(i16::from(!cell.is_empty()));
        if cell.is_empty() {
            return Ok(());
        }
        match &mut self.cells {
            Cells::Whole(all) => {
                all.push(cell.parse().with_context(|| format!("`{cell}` is no whole number"))?)
            }
            Cells::Number(all) => all.push(cell.parse().with_context(|| format!("`{cell}` is no number"))?),
            Cells::Text(all) => all.push(cell.into()),
        }
        Ok(())
    }

    /// Writes what is held, and lets go of it.
    fn write(&mut self, to: &mut SerializedColumnWriter<'_>) -> anyhow::Result<()> {
        let there = Some(&self.there[..]);
        match &mut self.cells {
            Cells::Whole(all) => to.typed::<Int64Type>().write_batch(all, there, None)?,
            Cells::Number(all) => to.typed::<DoubleType>().write_batch(all, there, None)?,
            Cells::Text(all) => to.typed::<ByteArrayType>().write_batch(all, there, None)?,
        };
        match &mut self.cells {
            Cells::Whole(all) => all.clear(),
            Cells::Number(all) => all.clear(),
            Cells::Text(all) => all.clear(),
        }
        self.there.clear();
        Ok(())
    }
}

fn schema(fields: &[Field]) -> anyhow::Result<TypePtr> {
    let column = |field: &Field| {
        let (physical, logical) = match field.kind {
            Kind::Integer => (Physical::INT64, None),
            Kind::Number => (Physical::DOUBLE, None),
            Kind::String | Kind::Any => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let column = Type::primitive_type_builder(&field.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()?;
        Ok(Arc::new(column))
    };
    let columns = fields.iter().map(column).collect::<anyhow::Result<Vec<TypePtr>>>()?;
    Ok(Arc::new(Type::group_type_builder("row").with_fields(columns).build()?))
}

/// Writes `NAME.parquet` beside the table `NAME.csv` in `folder`, in constant memory.
///
/// # Errors
/// A table that cannot be read, or a file that cannot be written.
pub(super) fn leave(folder: &Path, table: &Resource) -> anyhow::Result<()> {
    let from = folder.join(&table.name);
    let to = from.with_extension("parquet");
    let shown = to.display().to_string();
    let mut reader =
        csv::Reader::from_path(&from).with_context(|| format!("cannot open {}", from.display()))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(vec![KeyValue::new("twain".to_string(), VERSION.to_string())]))
        .build();
    let file = File::create(&to).with_context(|| format!("cannot write {shown}"))?;
    let mut writer = SerializedFileWriter::new(file, schema(&table.fields)?, Arc::new(properties))?;
    let mut columns: Vec<Column> = table.fields.iter().map(|f| Column::new(f.kind)).collect();
    let mut row = csv::StringRecord::new();
    let mut held = 0;
    loop {
        let more = reader.read_record(&mut row).with_context(|| format!("cannot read {}", from.display()))?;
        if more {
            ensure!(row.len() == columns.len(), "{} is damaged", from.display());
            for (column, cell) in columns.iter_mut().zip(&row) {
                column.push(cell).with_context(|| format!("cannot write {shown}"))?;
            }
            held += 1;
        }
        if held == ROWS || (!more && held > 0) {
            let mut group = writer.next_row_group()?;
            for column in &mut columns {
                let mut to = group.next_column()?.context("a column more than the schema has")?;
                column.write(&mut to).with_context(|| format!("cannot write {shown}"))?;
                to.close()?;
            }
            group.close().with_context(|| format!("cannot write {shown}"))?;
            held = 0;
        }
        if !more {
            break;
        }
    }
    writer.close().with_context(|| format!("cannot write {shown}"))?;
    Ok(())
}
