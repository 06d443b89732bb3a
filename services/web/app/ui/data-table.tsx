import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type RowData,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { joinClasses } from './join-classes.ts';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

export interface Column<Row> {
  id: string;
  header: string;
  cell(row: Row): ReactNode;
  /** What to sort by; without it the column can't be sorted. */
  sortBy?(row: Row): string | number;
  align?: 'right';
  /** Left out on phones. */
  wide?: boolean;
}

interface DataTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf(row: Row): string;
}

const cellClasses = ({ align, wide }: Pick<Column<unknown>, 'align' | 'wide'>): string =>
  joinClasses(
    'px-4 py-3 align-middle',
    align === 'right' && 'text-right',
    wide === true && 'hidden md:table-cell',
  );

/** Rows of one kind, sorted by whichever column is pressed. */
export function DataTable<Row extends RowData>({
  caption,
  columns,
  rows,
  idOf,
}: DataTableProps<Row>) {
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const defined = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(
      columns.map(({ id, header, sortBy, cell }) =>
        helper.accessor((row) => sortBy?.(row) ?? '', {
          id,
          header,
          enableSorting: sortBy !== undefined,
          cell: ({ row }) => cell(row.original),
        }),
      ),
    );
  }, [columns]);
  const table = useTable({ features, columns: defined, data: rows, getRowId: idOf });
  const layoutOf = (id: string): Pick<Column<Row>, 'align' | 'wide'> => byId.get(id) ?? {};

  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="border-b border-line text-muted">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const { column } = header;
                const sorted = column.getIsSorted();
                const Icon = sorted === 'asc' ? ArrowUp : sorted ? ArrowDown : ChevronsUpDown;
                const title = String(column.columnDef.header);
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted === 'asc' ? 'ascending' : sorted ? 'descending' : undefined}
                    className={joinClasses(cellClasses(layoutOf(column.id)), 'font-semibold')}
                  >
                    {column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={column.getToggleSortingHandler()}
                        className={joinClasses(
                          'inline-flex min-h-8 items-center gap-1 rounded font-semibold',
                          'hover:text-ink',
                        )}
                      >
                        {title}
                        <Icon className="size-3.5" aria-hidden />
                      </button>
                    ) : (
                      title
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody className="divide-y divide-line">
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="transition-colors hover:bg-sunken">
              {row.getAllCells().map((cell) => (
                <td key={cell.id} className={cellClasses(layoutOf(cell.column.id))}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
